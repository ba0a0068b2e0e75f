"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import hmac
import json
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.calls import Call, Upload
from bot.sandbox.cloud import Cloud
from bot.sandbox.errors import ApiError, bad_request, too_many_requests
from bot.sandbox.faults import Fault
from bot.sandbox.methods import METHODS, named
from bot.sandbox.updates import CONFLICT_POLL

Json = dict[str, Any]

MAX_FIELD = 10 * 2**20  # bytes of one form field

UNAUTHORIZED = ApiError(401, "Unauthorized")
NOT_FOUND = ApiError(404, "Not Found")


class BotApi:
    """`cut` ends the connection of a request without an answer."""

    def __init__(self, cloud: Cloud, cut: Callable[[Request], None]) -> None:
        self.cloud = cloud
        self.cut = cut

    async def method(self, request: Request) -> Response:
        name = named(request.path_params["method"])
        if not self._knows(request):
            return _refused(UNAUTHORIZED)
        if name is None:
            return _refused(NOT_FOUND)
        try:
            call = await read_call(name, request)
        except ApiError as error:
            return _refused(error)
        except ClientDisconnect:  # the bot was killed in the middle of its call
            return PlainTextResponse("", status_code=499)
        entry = _entry(call)
        fault = self.cloud.faults.for_call(name, _chat_id(call))
        response = await self._suffer(call, request, fault)
        entry["status"] = response.status_code
        self.cloud.note(entry)
        return response

    async def _suffer(self, call: Call, request: Request, fault: Fault | None) -> Response:
        kind = fault.kind if fault else ""
        if fault and kind == "too_many_requests":
            return _refused(too_many_requests(fault.seconds_left))
        if fault and kind == "error":
            return _broken(fault)
        if kind == "cut_before":
            return self._cut(request)
        response = await self._answer(call)
        if fault and kind == "slow":
            await asyncio.sleep(fault.seconds)
        if kind == "cut_after":
            return self._cut(request)
        return response

    def _cut(self, request: Request) -> Response:
        self.cut(request)
        return PlainTextResponse("", status_code=599)  # reaches nobody: the connection is gone

    async def _answer(self, call: Call) -> Response:
        try:
            if self.cloud.enforce_limits:
                wait = self.cloud.limits.retry_after(call.method, _chat_id(call))
                if wait:
                    raise too_many_requests(wait)
            result = await METHODS[call.method].function(self.cloud, call)
        except ApiError as error:
            return _refused(error)
        return JSONResponse({"ok": True, "result": result})

    async def file(self, request: Request) -> Response:
        if not self._knows(request):
            return _refused(UNAUTHORIZED)
        path = request.path_params["path"]
        stored = next((f for f in self.cloud.world.files.values() if f.path == path), None)
        if stored is None:
            return _refused(NOT_FOUND)
        return Response(stored.content, media_type="application/octet-stream")

    def _knows(self, request: Request) -> bool:
        return hmac.compare_digest(request.path_params["token"].encode(), self.cloud.token.encode())


async def read_call(name: str, request: Request) -> Call:
    """Reads the parameters from the query and a form, JSON or multipart body."""
    params: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        params |= _json_body(await request.body())
        return Call(name, params)
    files = {}
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_part_size=MAX_FIELD) as form:
            for key, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[key] = Upload(value.filename or "file", await value.read(), value.content_type)
                else:
                    params[key] = value
    return Call(name, params, files)


def _json_body(body: bytes) -> Json:
    try:
        params = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(params, dict):
        raise bad_request("object expected")
    return params


def _chat_id(call: Call) -> int | None:
    return call.integer("chat_id")


def _entry(call: Call) -> Json:
    entry: Json = {"t": round(time.time(), 3), "method": call.method, "params": dict(call.params)}
    if call.files:
        entry["files"] = {
            name: {"filename": upload.name, "size": len(upload.content)}
            for name, upload in call.files.items()
        }
    return entry


def _refused(error: ApiError) -> Response:
    headers = {"Retry-After": str(error.parameters["retry_after"])} if error.code == 429 else None
    return JSONResponse(error.as_json(), status_code=error.code, headers=headers)


def _broken(fault: Fault) -> Response:
    """An error of Telegram's as JSON; one of the proxy before it (502 and above) as a page."""
    phrase = HTTPStatus(fault.status).phrase
    if fault.status >= 502 and not fault.description:
        page = f"<html><body><h1>{fault.status} {phrase}</h1></body></html>"
        return PlainTextResponse(page, status_code=fault.status, media_type="text/html")
    usual = CONFLICT_POLL if fault.status == 409 else phrase
    return _refused(ApiError(fault.status, fault.description or usual))
