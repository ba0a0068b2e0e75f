"""Papers of supervision as the tests look at them: in words and as they are rendered."""

from __future__ import annotations

from datetime import UTC, date, datetime

from office.papers.supervision_notice import Again, SupervisionNotice

WRITTEN = datetime(2026, 3, 2, 2, tzinfo=UTC)
NOTICE = SupervisionNotice(
    number="督〔2026〕8号",
    office="县政府办公室",
    issued=date(2026, 3, 2),
    matter="完成东河水库除险加固工程，年内下闸蓄水",
    field="农业农村",
    source="2026年县政府工作报告",
    lead="县水利局",
    supporting=("县财政局", "县自然资源局", "石桥镇人民政府"),
    handler="罗建国",
    requirements="1. 6月底前完成大坝防渗；\n2. 9月底前完成设备安装；\n3. 11月底前通过验收。",
    limit=date(2026, 11, 30),
    rhythm="每月25日前报送进展",
    section="督查科",
    contact="周敏",
    phone="0871-65550011",
    written_at=WRITTEN,
)
SECOND_NOTICE = NOTICE.model_copy(
    update={
        "number": "督〔2026〕31号",
        "issued": date(2026, 12, 14),
        "limit": date(2026, 12, 25),
        "requirements": "查明滞后原因，倒排工期，逐周报送进展。",
        "again": Again(
            first_number="督〔2026〕8号",
            first_issued=date(2026, 3, 2),
            first_limit=date(2026, 11, 30),
            reason="已逾期14天；反馈两次被退回：验收材料不全。",
            informed="副县长何国栋",
        ),
    }
)
