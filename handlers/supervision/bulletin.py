"""The supervision bulletin in conversation: 通报 11月, corrections, signature (V8)."""

from __future__ import annotations

from handlers import reading
from handlers.context import Turn
from handlers.keyboards import Rows
from office.desk import Refused
from office.report_text import FINE, change_of
from office.supervision import bulletin as acts
from storage import counting, drafts, people
from storage.models import Bulletin, Draft

FORM, BACK = "bulletin", "bulletin_back"


def start(turn: Turn, said: str) -> None:
    """通报, 通报 11月: the draft as the figures are now."""
    if not turn.private:
        raise Refused("bulletin_private")
    acts.check(turn.desk, turn.member)
    reading.only_period(turn, said)
    _show(turn, acts.begin(turn.desk, said, turn.member))


def _show(turn: Turn, bulletin: Bulletin) -> None:
    """In full; while it may be changed, the next sentence that corrects something changes it."""
    title, lines = acts.words(turn.desk, bulletin)
    draft = None
    if bulletin.state in ("draft", "sent_back"):
        draft = _begin(turn, FORM, bulletin, "correction")
    turn.answer(
        "bulletin.draft",
        kind="question",
        draft_id=draft.id if draft else None,
        buttons=_buttons(bulletin),
        name=bulletin.name,
        state=bulletin.state,
        issue=bulletin.issue,
        sent_back=bulletin.sent_back,
        until=bulletin.until.isoformat(),
        title=title,
        text="\n".join(lines),
    )


def _buttons(bulletin: Bulletin) -> Rows:
    match bulletin.state:
        case "waiting":
            return [[["bulletin_withdraw", bulletin.id, "↶ 撤回修改"]]]
        case "signed":
            files = ["bulletin_files", bulletin.id, "📎 文件"]
            return [[files, ["bulletin_out", bulletin.id, "📣 发各单位"]]]
        case _:
            return [[["bulletin_submit", bulletin.id, "📨 送签"]]]


def meant(turn: Turn, asking: Draft) -> bool:
    """Whether a message that is no reply is a correction of the draft that was shown last."""
    said = reading.plain(turn.text)
    return asking.form != FORM or said in FINE or change_of(said) is not None


def continue_correction(turn: Turn, draft: Draft) -> None:
    """A correction in plain words, shown at once; 送签 sends it."""
    bulletin = _bulletin(turn, str(draft.data["bulletin_id"]))
    said = reading.plain(turn.text)
    if said in FINE:
        submit(turn, str(bulletin.id))
        return
    acts.correct(turn.desk, bulletin, said, turn.member)
    _show(turn, bulletin)


def open_(turn: Turn, target: str) -> None:
    """✏️ 修改"""
    acts.check(turn.desk, turn.member)
    _show(turn, _bulletin(turn, target))


def submit(turn: Turn, target: str) -> None:
    """📨 送签"""
    bulletin = _bulletin(turn, target)
    signer = acts.submit(turn.desk, bulletin, turn.member)
    turn.answer("bulletin.submitted", name=bulletin.name, signer=signer.name)


def withdraw(turn: Turn, target: str) -> None:
    """↶ 撤回修改"""
    bulletin = _bulletin(turn, target)
    acts.withdraw(turn.desk, bulletin, turn.member)
    _show(turn, bulletin)


def sign(turn: Turn, target: str) -> None:
    """✅ 签发"""
    bulletin = _bulletin(turn, target)
    acts.sign(turn.desk, bulletin, turn.member)
    turn.say(f"已签发，第{bulletin.issue}期")
    turn.rewrite("bulletin.signed", name=bulletin.name, issue=bulletin.issue, by=turn.member.name)


def back(turn: Turn, target: str) -> None:
    """↩️ 退改: the next message says why."""
    bulletin = _bulletin(turn, target)
    acts.check_signer(turn.desk, bulletin, turn.member)
    draft = _begin(turn, BACK, bulletin, "remarks")
    turn.answer("bulletin.ask_remarks", kind="question", draft_id=draft.id, name=bulletin.name)


def continue_back(turn: Turn, draft: Draft) -> None:
    """The remarks with which it goes back."""
    bulletin = _bulletin(turn, str(draft.data["bulletin_id"]))
    acts.send_back(turn.desk, bulletin, turn.member, reading.plain(turn.text))
    drafts.write(draft, now=turn.desk.now, state="done")
    author = people.member(bulletin.author_id, session=turn.desk.session)
    turn.answer("bulletin.went_back", name=bulletin.name, author=author.name)


def files(turn: Turn, target: str) -> None:
    """📎 文件"""
    acts.check(turn.desk, turn.member)
    acts.send_files(turn.desk, _bulletin(turn, target), turn.member)


def circulate(turn: Turn, target: str) -> None:
    """📣 发各单位"""
    bulletin = _bulletin(turn, target)
    told = acts.circulate(turn.desk, bulletin, turn.member)
    turn.answer("bulletin.circulated", name=bulletin.name, issue=bulletin.issue, told=told)


def _bulletin(turn: Turn, target: str) -> Bulletin:
    found = counting.bulletin(reading.number(target), session=turn.desk.session)
    if found is None:
        raise Refused("button_unknown")
    return found


def _begin(turn: Turn, form: str, bulletin: Bulletin, asking: str) -> Draft:
    return turn.begin_draft(form, {"bulletin_id": bulletin.id, "asking": asking}, asking=asking)


VERBS = {
    "bulletin_open": open_,
    "bulletin_submit": submit,
    "bulletin_withdraw": withdraw,
    "bulletin_sign": sign,
    "bulletin_back": back,
    "bulletin_files": files,
    "bulletin_out": circulate,
}
CONTINUE = {FORM: continue_correction, BACK: continue_back}
