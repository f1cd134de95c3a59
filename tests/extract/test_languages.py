import time

import pytest

from pipelines.extract.languages import languages, ranked


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The clock above the harbour has been four minutes slow since the winter."),
        ("de", "Die Uhr über dem Hafenamt geht vier Minuten nach, und niemand stellt sie."),
        (
            "fr",
            "L'horloge du port retarde de quatre minutes et personne ne la remet à l'heure dans la ville.",
        ),
        ("es", "El reloj del puerto se atrasa cuatro minutos y nadie lo pone en hora por miedo."),
        ("it", "L'orologio del porto è in ritardo di quattro minuti e nessuno lo rimette con la mano."),
        ("pt", "O relógio do porto está atrasado e ninguém o acerta, porque as balsas não saem sem ele."),
        ("nl", "De klok boven de haven loopt vier minuten achter en niemand zet het uurwerk gelijk."),
        ("pl", "Zegar nad portem spóźnia się o cztery minuty i nikt nie śmie go nastawić, bo promy jak on."),
        ("tr", "Limandaki saat dört dakika geri ve kimse onu ayarlamak için bir adım atmıyor, çok eski."),
        ("vi", "Đồng hồ ở cảng chậm bốn phút và không ai dám chỉnh lại vì các chuyến phà đã theo nó."),
        ("ru", "Часы над гаванью отстают на четыре минуты."),
        ("uk", "Годинник над гаванню відстає на чотири хвилини, і ніхто його не лагодить."),
        ("ja", "港の時計は四分遅れているが、誰も直そうとしない。"),
        ("ko", "항구의 시계는 사 분 늦다."),
        ("ar", "الساعة في الميناء متأخرة أربع دقائق"),
        ("fa", "ساعت بندر چهار دقیقه عقب است و هیچ‌کس آن را درست نمی‌کند، چون کشتی‌ها پیرو آن‌اند"),
        ("el", "Το ρολόι του λιμανιού πάει τέσσερα λεπτά πίσω."),
        ("he", "השעון בנמל מפגר בארבע דקות"),
        ("th", "นาฬิกาที่ท่าเรือช้าไปสี่นาที"),
        ("zh", "这座钟从大冰那年的冬天起就慢了四分钟，没有人敢把它拨准。"),
        ("zh-Hant", "這座鐘從大冰那年的冬天起就慢了四分鐘，沒有人敢把它撥準。"),
        ("zh", "“机器”项目 OpenAI GPT 4 发布了新的模型"),
        ("zh", "中文"),
        ("und", "12:30"),
        ("und", "—"),
        ("und", "Qwx brzt vlp"),
    ],
)
def test_of_one_text(language, text):
    assert languages([text]) == [language]


def test_a_name_in_the_other_characters_decides_nothing():
    # 喆 and 堃 are in neither of the sets for running text.
    assert languages(["记者陶喆和方堃说，这座钟慢了四分钟。"]) == ["zh"]
    assert languages(["記者陶喆說，這座鐘慢了四分鐘，沒有人管。"]) == ["zh-Hant"]


def test_short_latin_texts_are_in_the_language_of_the_page():
    story = "Nobody has dared to set it right, because the ferries have long been running by it."
    assert languages([story, "Two hands", "这座钟慢了四分钟。"]) == ["en", "en", "zh"]


def test_each_is_judged_by_itself_where_it_is_long_enough():
    german = "Die Uhr über dem Hafenamt geht vier Minuten nach, und niemand stellt sie, weil es nicht eilt."
    english = "The clock above the harbour is slow, and nobody has set it right since the winter of the ice."
    assert languages([german, english, german]) == ["de", "en", "de"]


def test_ranked_by_text():
    assert ranked(["en", "zh", "und", "zh"], [10, 6, 50, 6]) == ("zh", "en")


def test_a_passage_of_megabytes_costs_no_more_than_its_beginning():
    # Read whole, the four of them take some ten seconds.
    long = "The clock above the harbour is slow and nobody dares to set it right. " * 60_000
    start = time.process_time()
    assert languages([long] * 4) == ["en"] * 4
    assert time.process_time() - start < 1
