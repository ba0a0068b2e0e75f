"""Letters and proposals (V7): a petition's report that lacks a point, a proposal answered twice."""

from __future__ import annotations

REPORT = """一、基本情况
李某某，城关镇人，来信反映征地补偿问题。
二、诉求及调查核实情况
1.补偿款：经核查，10月12日已拨付到镇。
2.安置房：12月底前交付，已书面告知。
三、处理情况
已督促城关镇10个工作日内发放到户。
四、答复信访人情况
11月24日当面答复，本人表示理解。"""


async def test_a_petition_with_three_points_of_which_one_is_missing(office):
    clerk, liaison = office.somebody("王思雨"), office.somebody("杜长青")
    deputy = office.somebody("许文斌")
    await office.at("09:00")
    await clerk.says(
        "登记 信访 李某某反映征地补偿问题：1.补偿款未到账；2.安置房未交付；3.村干部态度差 转自然资源局"
    )
    card = clerk.card("请核对", "确认")
    assert "信访事项" in card.text and "诉求 3：村干部态度差" in card.text
    assert "县信访局" not in card.text
    await clerk.presses("确认")
    await liaison.presses("签收承办")
    await liaison.presses("已告知")
    liaison.card("请调查处理", "写报告")
    await liaison.presses("写报告")
    liaison.sees("请写“基本情况”", "诉求 3 项")
    await liaison.says(REPORT)
    asked = liaison.sees("还有 1 项诉求没有回应", "3. 村干部态度差")
    assert "报送" not in str(asked.buttons)
    await liaison.says("1 同意")
    liaison.sees("报告还不能报送", "村干部态度差")
    await liaison.presses("诉求及调查核实情况", on="没有回应")
    await liaison.says(
        "1.补偿款：10月12日已拨付到镇。\n2.安置房：12月底前交付。\n3.村干部态度：已批评教育并当面道歉。"
    )
    liaison.sees("已写全", "当面道歉")
    await liaison.presses("报送", on="已写全")
    deputy.sees("请审核：四个部分是否齐全")
    deputy.sees("办理情况报告", "杜长青 报送")
    await deputy.presses("同意", on="请审核")
    await liaison.says("1 办结 已出具答复意见书")
    assert office.matter().state == "closed"


async def test_a_proposal_whose_member_is_not_satisfied(office):
    clerk, liaison = office.somebody("王思雨"), office.somebody("叶向阳")
    deputy, leader = office.somebody("许文斌"), office.somebody("何国栋")
    await office.at("09:00")
    await clerk.says("登记 提案 县政协第45号提案 关于加强城区停车场建设的提案 住建局主办")
    clerk.card("建议提案", "确认")
    await clerk.presses("确认")
    assert office.matter().register_no == "案〔2026〕1号"
    await liaison.presses("签收承办")
    await liaison.presses("已拟答复")
    await deputy.presses("同意")
    await leader.presses("签发")
    liaison.sees("征询意见")
    await liaison.presses("退回", on="征询意见")
    await liaison.says("委员认为车位数没有说清")
    liaison.sees("办理并拟出答复", "车位数没有说清")
    await liaison.presses("已拟答复")
    await deputy.presses("同意")
    await leader.presses("签发")
    await liaison.presses("满意", on="征询意见")
    clerk.sees("核对答复件")


async def test_an_instruction_goes_back_to_the_leader_who_gave_it(office):
    clerk, liaison = office.somebody("王思雨"), office.somebody("叶向阳")
    await office.at("09:00")
    await clerk.says(
        "登记 批示件 陈县长在《城区内涝情况专报》上批示：请住建局牵头限期整治 转住建局 12月5日前报结果"
    )
    card = clerk.card("批示件", "确认")
    assert "陈守正" in card.text and "09:30" in card.text and "12月5日" in card.text
    await clerk.presses("确认")
    await liaison.presses("签收")
    await liaison.presses("已落实")
    await office.somebody("杨振宇").presses("同意呈报")
    chief = office.somebody("陈守正")
    chief.sees("请阅示落实情况")
    await chief.presses("已阅")
    clerk.sees("请登记结果后销号")


async def test_a_series_named_with_a_number(office):
    clerk, liaison = office.somebody("王思雨"), office.somebody("叶向阳")
    await office.at("09:00")
    await clerk.says("登记 县财政局 关于预算的请示 转综合科")
    await clerk.presses("确认")
    await clerk.says("登记 县长信箱 网友反映城区路灯不亮 住建局核实")
    await clerk.presses("确认")
    await clerk.says("箱1号怎么样了")
    assert "收〔2026〕1号" not in clerk.sees("箱〔2026〕1号", "路灯不亮").text
    await liaison.says("箱1号 转自然资源局")
    office.somebody("杜长青").sees("箱〔2026〕1号")
    await clerk.says("今年收了多少来信")
    clerk.sees("1 件")
