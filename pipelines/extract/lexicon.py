"""Frequent words of news in English and Chinese, by which a passage's translation is known.

Own list, small on purpose: a word that most articles have tells little, and names and numbers tell more.
"""

from collections.abc import Iterator
from functools import cache

_TABLE = """
government 政府; country nation 国家 国内 该国 我国; city 城市 全市 市里 市民; world global 世界 全球;
people 人民 人们 民众; president 总统 总裁 主席; minister 部长 大臣 首相; official 官员 官方;
leader 领导人 领袖 领导者; party 政党 党派 该党; company firm 公司 企业; market 市场; economy economic 经济;
trade 贸易; bank 银行; money fund 资金 基金; price 价格 房价 油价; growth grow grew 增长;
investment investor invest 投资; industry 行业 产业 工业; factory plant 工厂 厂房; worker 工人 员工 劳动者;
job employment 工作 就业 岗位; tax 税收 税率 征税; tariff 关税; export 出口; import 进口; debt 债务 负债;
profit 利润 盈利; loss 损失 亏损; sale sell sold 销售 出售 销量; customer consumer 顾客 客户 消费者;
product 产品; technology technological 技术 科技; data 数据; internet online 互联网 网上 线上 网络;
phone smartphone 手机 电话; computer 电脑 计算机; software 软件; chip semiconductor 芯片 半导体;
robot 机器人; car vehicle 汽车 车辆; battery 电池; energy 能源 能量; oil 石油 原油; gas 天然气 气体;
coal 煤炭; power electricity 电力 发电 用电; climate 气候; weather 天气; water 用水 水源 淡水 供水;
river 河流 江河 河水 河边; sea ocean 海洋 大海 海面; island 岛屿 岛上 小岛; coast 海岸 沿海;
mountain 山区 山上; forest 森林; earthquake 地震; flood 洪水 水灾; storm 风暴 暴风雨; fire 火灾 大火 起火;
pollution 污染; environment 环境; science scientist 科学; research researcher 研究; study 研究 学习;
university 大学 高校; school 学校 小学 中学; student pupil 学生; teacher 教师 老师; professor 教授;
education 教育; child children 儿童 孩子; woman women 女性 妇女 女人; man men 男性 男人 男子;
parent 父母 家长; mother 母亲 妈妈; father 父亲 爸爸; family 家庭 一家人; friend 朋友;
life lives 生活 生命 一生; death die died dead 死亡 去世 死者 死于; health 健康 卫生; hospital 医院;
doctor 医生 医师; patient 患者 病人; disease illness 疾病; virus 病毒; vaccine 疫苗;
drug medicine 药物 药品; cancer 癌症; police 警方 警察; court 法院 法庭; judge 法官; lawyer 律师;
law 法律 法案; crime 犯罪 罪行; prison jail 监狱; case 案件 病例; war 战争; military army 军队 军方 军事;
soldier troop 士兵 军人; weapon 武器; missile 导弹; attack 袭击 攻击; peace 和平; security safety 安全;
election 选举 大选; vote voter 投票 选民; parliament congress 议会 国会; policy 政策; reform 改革;
rule regulation 规定 法规 规则; report 报告 报道; agreement deal 协议 协定;
negotiation talk talks 谈判 会谈; meeting conference 会议; plan 计划; project 项目; program 项目 计划 方案;
problem issue 问题; question 问题 疑问; answer 回答 答案; reason 原因 理由; result 结果; change 变化 改变;
risk 风险; crisis 危机; history historical 历史; culture cultural 文化; art artist 艺术;
music musician 音乐; film movie 电影; book 书籍 图书 一本书; newspaper 报纸; journalist reporter 记者;
media 媒体; television 电视; language 语言; english 英语 英文; word 词语 单词; story 故事; museum 博物馆;
food 食品 食物; rice 大米 稻米; wheat 小麦; fish 鱼类 渔业; farmer 农民; farm 农场 农田;
village 村庄 村民 村里; house home 房子 住房 家里 房屋; street road 街道 公路 道路; bridge 大桥 桥梁;
port harbor harbour 港口 海港; airport 机场; train 火车 列车; railway rail 铁路; ship boat vessel 船只 轮船;
plane aircraft flight 飞机 航班; passenger 乘客 旅客; tourist tourism 游客 旅游; hotel 酒店 旅馆;
restaurant 餐馆 餐厅; game 游戏 比赛; team 团队 球队 小组; player 球员 选手; sport 体育;
winner win won 获胜 赢得; space 太空 航天 空间; satellite 卫星; year 今年 去年 每年 年来;
month 上个月 本月 个月; week 上周 本周 一周 星期; today 今天; yesterday 昨天; tomorrow 明天;
morning 早上 上午 早晨; night evening 晚上 夜里 夜间 夜晚; winter 冬天 冬季; spring 春天 春季;
summer 夏天 夏季; autumn fall 秋天 秋季; first 第一 首次 首个 最初; last 最后 上一; new 新的 全新 新建;
old 古老 老旧 旧的; big large 巨大 大型; small 小型 微小; high 高度 较高 最高; low 较低 最低; young 年轻;
foreign 外国 国外 外交; international 国际; local 当地 本地 地方; national 全国 国家; public 公共 公众;
private 私人 私营; political politics 政治; social society 社会; human 人类; million 百万;
hundred 数百 上百; increase rise rose 增加 上升 上涨; decrease decline fell drop 减少 下降 下跌;
open 开放 开放式 打开 开业; close closed 关闭 关门; begin began start 开始; end 结束; help 帮助;
support 支持; believe 相信 认为; think thought 认为 觉得; know knew 知道; hope 希望;
worry concern 担心 担忧; fear 担心 害怕 恐惧; agree 同意; refuse reject 拒绝; decide decision 决定;
announce announcement 宣布; warn warning 警告; ask asked 询问 要求; need 需要; try tried 试图 尝试;
build built 建造 建设 修建; produce production 生产; use used 使用; buy bought purchase 购买;
pay paid 支付 付款; cost 成本 费用; save saved 节省 拯救; expert 专家; analyst 分析师;
director 主任 导演 董事; manager 经理; chief 首席 负责人; member 成员 会员; resident 居民; population 人口;
area region 地区 区域; border 边境 边界; south southern 南部 南方; north northern 北部 北方;
east eastern 东部 东方; west western 西部 西方; right rights 权利; freedom 自由; power 权力;
future 未来 将来; century 世纪; decade 十年; minute 分钟; hour 小时; percent 百分之; half 一半;
letter 信件 一封信 来信; door 大门 门口; clock 时钟 钟表 座钟; bread bakery 面包; piano 钢琴;
song sing sang 歌曲 歌唱 唱歌; tree 树木 大树; bird 鸟类; dog 小狗 一只狗; cat 猫咪; animal 动物;
monday 周一 星期一; tuesday 周二 星期二; wednesday 周三 星期三; thursday 周四 星期四; friday 周五 星期五;
saturday 周六 星期六; sunday 周日 星期日 星期天; beijing 北京; shanghai 上海; hong 香港; taiwan 台湾;
china chinese 中国 中方 中文; american america states 美国 美方; washington 华盛顿; york 纽约;
california 加州 加利福尼亚; london 伦敦; britain british 英国; england 英格兰; paris 巴黎;
france french 法国; germany german 德国; berlin 柏林; italy italian 意大利; spain spanish 西班牙;
russia russian 俄罗斯 俄国; moscow 莫斯科; ukraine ukrainian 乌克兰; europe european 欧洲; eu 欧盟;
japan japanese 日本; tokyo 东京; korea korean 韩国 朝鲜; india indian 印度; australia australian 澳大利亚;
canada canadian 加拿大; mexico mexican 墨西哥; brazil 巴西; africa african 非洲; asia asian 亚洲;
israel israeli 以色列; iran iranian 伊朗; singapore 新加坡; vietnam vietnamese 越南; thailand 泰国;
trump 特朗普 川普; biden 拜登; xi 习近平; putin 普京; musk 马斯克; nvidia 英伟达; google 谷歌; apple 苹果;
microsoft 微软; amazon 亚马逊; tesla 特斯拉; ai 人工智能; nato 北约; un 联合国
"""


def english_words(words: set[str]) -> set[str]:
    """Return the headwords that *words*, in lower case, stand for."""
    known = _english()
    return {known[form] for word in words for form in _forms(word) if form in known}


def chinese_words(text: str) -> set[str]:
    """Return the headwords of the Chinese words in *text*, in simplified characters."""
    known = _chinese()
    found: set[str] = set()
    for size in _sizes():
        for at in range(len(text) - size + 1):
            found.update(known.get(text[at : at + size], ()))
    return found


def _forms(word: str) -> Iterator[str]:
    """Yield what *word* may be an inflected form of."""
    yield word
    if word.endswith("s"):
        yield word[:-1]
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    for ending in ("es", "ed", "ing", "er", "ers"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            yield from (stem, f"{stem}e")


def _entries() -> Iterator[list[str]]:
    return (entry.split() for entry in _TABLE.split(";"))


@cache
def _english() -> dict[str, str]:
    known: dict[str, str] = {}
    for entry in _entries():
        known |= {word: entry[0] for word in entry if word.isascii() and word not in known}
    return known


@cache
def _chinese() -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for entry in _entries():
        for word in entry:
            if not word.isascii():
                known[word] = tuple({*known.get(word, ()), entry[0]})
    return known


@cache
def _sizes() -> tuple[int, ...]:
    return tuple(sorted({len(word) for word in _chinese()}))
