"""The columns of a ledger of tasks (V1): what people call them, and how much they take."""

from __future__ import annotations

from typing import Final

NAMES: Final = {
    "number": "编号",
    "field": "领域",
    "title": "任务",
    "requirements": "工作内容",
    "source": "来源",
    "section": "牵头单位",
    "units": "配合单位",
    "handler": "责任人",
    "due": "完成时限",
    "rhythm": "报送频次",
    "remark": "备注",
}
"""the columns of a ledger, as the file given back names them"""
FAULT: Final = "有误之处"
PLACE: Final = "原表位置"
HEADS: Final[dict[str, str]] = {
    **{name: key for key, name in NAMES.items()},
    **dict.fromkeys(("序号", "任务编号", "号", "no", "no."), "number"),
    **dict.fromkeys(("所属领域", "类别", "分类", "任务类别", "板块", "工作领域"), "field"),
    **dict.fromkeys(
        ("任务名称", "重点任务", "工作任务", "目标任务", "督办事项", "事项", "事项名称"), "title"
    ),
    **dict.fromkeys(("主要任务", "重点工作", "任务分解", "工作事项", "任务内容"), "title"),
    **dict.fromkeys(("具体内容", "工作要求", "办理要求", "具体措施", "工作措施", "工作目标"), "requirements"),
    **dict.fromkeys(("任务来源", "事项来源", "依据", "交办来源"), "source"),
    **dict.fromkeys(("责任单位", "主办单位", "承办单位", "牵头部门", "责任部门", "牵头责任单位"), "section"),
    **dict.fromkeys(("配合部门", "协办单位", "协同单位", "参与单位", "配合责任单位"), "units"),
    **dict.fromkeys(("承办人", "联系人", "联络员", "具体责任人"), "handler"),
    **dict.fromkeys(("办结时限", "时限", "完成时间", "时限要求", "完成期限", "办理时限", "截止时间"), "due"),
    **dict.fromkeys(("频次", "报送周期", "反馈频次", "报告频次", "进展报送"), "rhythm"),
    **dict.fromkeys(("说明", "附注"), "remark"),
    **{FAULT: "fault", PLACE: "place"},
}
NEEDED: Final = ("title", "requirements")
TASK_LIMIT: Final = 1000
"""rows of one import"""
LENGTHS: Final = {"title": 300, "requirements": 500, "source": 80, "field": 30, "number": 30, "remark": 500}
_RHYTHM_WORDS: Final = {
    "half_monthly": ("半月", "每半月", "半月报", "每半个月", "半月一报", "每月两次", "双周"),
    "monthly": ("月", "每月", "月报", "按月", "一月一报", "每月一次", "每月一报"),
    "quarterly": (
        "季",
        "季度",
        "每季度",
        "季报",
        "按季",
        "按季度",
        "每季",
        "一季一报",
        "每季度一次",
        "季度报",
    ),
}
RHYTHMS: Final = {word: key for key, words in _RHYTHM_WORDS.items() for word in words}
