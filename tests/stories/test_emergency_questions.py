"""What is asked about an emergency, answered, corrected and put into its report."""

from __future__ import annotations

from night import LANDSLIDE

from storage.models import Clock, Report


async def test_the_program_dies_in_the_middle_of_the_questions(night):
    officer = night.somebody("韩冰")
    await officer.says(LANDSLIDE)
    await officer.says("房屋倒塌2间")
    await night.off()
    await night.on(at="2026-11-25 02:52")
    night.somebody("陈守正").sees("急〔2026〕1号", "主要领导")
    await officer.says("仍在滑动")
    known = night.matter().details["known"]
    assert (known["loss"]["text"], known["trend"]["text"]) == ("房屋倒塌2间", "仍在滑动")
    officer.sees("❓", "已采取措施")
    assert any(clock.state == "pending" for clock in night.rows(Clock))


async def test_two_at_once_never_mix(night):
    officer = night.somebody("韩冰")
    await officer.says(LANDSLIDE)
    first_question = officer.sees("❓", "急〔2026〕1号", "财产损失")
    await officer.says("快报 柳溪镇化工厂2点35分起火")
    second_question = officer.sees("❓", "急〔2026〕2号")
    await officer.says("倒塌2间", reply_to=first_question)
    await officer.says("暂无人员伤亡", reply_to=second_question)
    one, two = night.matter(1), night.matter(2)
    assert one.details["known"]["loss"]["text"] == "倒塌2间"
    assert "倒塌2间" not in str(two.details["known"])
    await officer.says("批示")
    officer.sees("是哪一起", "急〔2026〕1号", "急〔2026〕2号")
    leader = night.somebody("苏雅琴")
    await leader.presses("已知悉", on="急〔2026〕2号")
    await night.at("2026-11-25 02:44")
    leader.sees("再次报告", "急〔2026〕1号")
    leader.sees("急〔2026〕2号", "口头报告：02:40 苏雅琴（已知悉）")


async def test_what_the_first_line_says_is_not_asked_again_and_a_level_is_suggested(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(
        "快报 石桥镇中学凌晨2点30房屋倒塌，致3名学生死亡、2人失联，已关阀、已疏散120人，请求消防支援"
    )
    leader.sees("敏感地点：中学；敏感人员：学生，不论级别均须上报")
    leader.sees("死亡3人，按标准可考虑定为Ⅲ级（较大），请定级", "人员伤亡：3名学生死亡、2人失联")
    assert "level" not in night.matter().details
    for name in ("财产损失", "发展趋势", "到场领导", "信息来源"):
        assert name in officer.received()[-1].text
        await officer.presses("跳过", on=f"❓ 急〔2026〕1号 · {name}")
    await officer.presses("快报稿", on="要素已问完")
    officer.sees("首报稿", "造成3名学生死亡、2人失联。", "已关阀，已疏散120人。", "请求消防支援。")
    await officer.says("定级 较大")
    assert "请定级" not in leader.sees("急〔2026〕1号", "Ⅲ级（较大）", "敏感地点").text


async def test_a_reply_to_an_old_question_sets_that_element(night):
    officer = night.somebody("韩冰")
    await officer.says("快报 柳溪镇化工厂起火")
    when = officer.sees("❓", "事发时间")
    await officer.says("很早的时候")
    officer.sees("没有看出是什么时间")
    await officer.says("刚才", reply_to=when)
    officer.sees("事发时间", "11月25日 周三 02:40")
    await officer.says("凌晨2点20", reply_to=when)
    assert night.matter().details["known"]["occurred"]["text"] == "11月25日2时20分"


async def test_words_of_an_emergency_are_no_answers_to_its_questions(night):
    officer = night.somebody("韩冰")
    await officer.says("🚨 柳溪镇化工厂起火")
    await officer.says("续报 消防已到场")
    await officer.says("定级 较大")
    officer.sees("现为Ⅲ级（较大）")
    await officer.says("时间线")
    officer.sees("时间线", "续报1：消防已到场", "级别定为Ⅲ级")
    await officer.says("刚才")
    known = night.matter().details["known"]
    assert known["occurred"]["text"] == "11月25日2时40分"
    assert not {"loss", "casualties", "trend"} & known.keys()


async def test_a_time_a_little_ahead_is_a_slip_not_yesterday(night):
    officer = night.somebody("韩冰")
    await officer.says("快报 柳溪镇化工厂凌晨2点50起火")
    officer.sees("❓", "事发时间")
    await officer.says("凌晨2点50")
    officer.sees("11月25日 周三 02:50 还没有到", "昨天 02:50")
    await officer.says("昨天凌晨2点50")
    officer.sees("事发时间", "11月24日 周二 02:50")


async def test_a_report_by_telephone_is_titled_by_the_event(night):
    officer = night.somebody("韩冰")
    await officer.says("快报 柳溪镇值班室王强13800001111来电，镇化工厂起火，3人被困")
    await officer.presses("先不问了")
    await officer.presses("快报稿", on="要素已问完")
    draft = officer.sees("首报稿", "接到柳溪镇人民政府王强报告", "化工厂起火")
    assert "13800001111" not in draft.text and "来电" not in draft.text


async def test_the_signature_is_refused_twice(night):
    officer, leader = night.somebody("韩冰"), night.somebody("苏雅琴")
    await officer.says(LANDSLIDE)
    await officer.presses("先不问了")
    await officer.presses("快报稿", on="要素已问完")
    for remarks, correction in (("写明伤亡", "伤亡改为2人失联"), ("写明措施", "措施改为已组织搜救")):
        await officer.presses("送签", on="首报稿")
        await leader.presses("退改", on="请审阅签发")
        await leader.says(remarks)
        officer.sees("退改", remarks)
        await officer.presses("打开", on=remarks)
        await officer.says(correction)
    await officer.presses("送签", on="已组织搜救")
    await leader.presses("签发", on="已组织搜救")
    (report,) = night.rows(Report)
    assert (report.state, report.issue) == ("signed", 1)
