"""Rosters of many shapes, made for tests. Invented people only."""

import io

import xlsxwriter

from communities.identity import check_character

NATIONAL_TOP = [
    ("序号", 1),
    ("乡镇(街道)", 1),
    ("村(社区)", 1),
    ("农村留守儿童个人基本情况", 13),
    ("家庭情况", 6),
    ("监护情况", 8),
    ("家庭经济来源", 1),
    ("救助帮扶情况", 4),
]
NATIONAL_MIDDLE = (
    ["", "", ""]
    + [
        "姓名",
        "性别",
        "民族",
        "出生日期",
        "公民身份\n号码",
        "是否登记户口",
        "户籍所在地",
        "现居住地",
        "身体情况",
        "残疾类别及等级",
        "患病类型",
        "是否学校寄宿",
        "就学情况",
    ]
    + ["父亲", "", "", "母亲", "", ""]
    + [
        "父母双方同时外出",
        "父母一方外出、另一方无监护能力",
        "父母外出有无委托其他监护人",
        "受委托监护人情况",
        "",
        "",
        "",
        "监护类型",
    ]
    + ["", "享受低保", "临时救助", "医疗救助", "其他救助"]
)
NATIONAL_BOTTOM = (
    [""] * 16
    + ["姓名", "当前务工地点", "联系电话"] * 2
    + [""] * 3
    + ["委托监护人姓名", "与被监护人关系", "受委托监护人电话", "公民身份号码"]
    + [""] * 6
)


def resident_id(birth="20150316", sequence=997, region="150902"):
    first = f"{region}{birth}{sequence}"
    return first + check_character(first)


def build(*sheets, hidden=()):
    """Each sheet: (name, function of (worksheet, workbook)) or (name, rows)."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False})
    for name, content in sheets:
        sheet = book.add_worksheet(name)
        if callable(content):
            content(sheet, book)
        else:
            for number, row in enumerate(content):
                for column, cell in enumerate(row):
                    if cell != "" and cell is not None:
                        sheet.write(number, column, cell)
        if name in hidden:
            sheet.hide()
    book.close()
    target.seek(0)
    return target


def merge_row(sheet, row, spans, start=0):
    column = start
    for text, width in spans:
        if width > 1:
            sheet.merge_range(row, column, row, column + width - 1, text)
        else:
            sheet.write(row, column, text)
        column += width


def national(rows, *, numbers=True):
    """The layout of the 2016 national form: 35 columns, three levels of header, a line of column numbers."""

    def write(sheet, _book):
        sheet.merge_range(0, 0, 0, 34, "农村留守儿童花名册")
        sheet.merge_range(1, 0, 1, 34, "填报单位：（盖章）          填报时间：2026年9月10日")
        merge_row(sheet, 2, NATIONAL_TOP)
        for column in (0, 1, 2, 30):
            sheet.merge_range(
                2, column, 4, column, {0: "序号", 1: "乡镇(街道)", 2: "村(社区)", 30: "家庭经济来源"}[column]
            )
        for column, word in enumerate(NATIONAL_MIDDLE):
            if not word:
                continue
            if word in ("父亲", "母亲"):
                sheet.merge_range(3, column, 3, column + 2, word)
            elif word == "受委托监护人情况":
                sheet.merge_range(3, column, 3, column + 3, word)
            else:
                sheet.merge_range(3, column, 4, column, word)
        for column, word in enumerate(NATIONAL_BOTTOM):
            if word:
                sheet.write(4, column, word)
        first = 5
        if numbers:
            for column in range(35):
                sheet.write(5, column, column + 1)
            first = 6
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell != "":
                    sheet.write(first + number, column, cell)
        end = first + len(rows)
        sheet.write(end, 0, "单位负责人（签名）：××")
        sheet.write(end, 12, "复核人（签名）：××")
        sheet.write(end, 25, "填表人（签名）：××")

    return write


def national_child(name="王小明", number=1, **changes):
    row = {
        "seq": number,
        "town": "新体路街道",
        "village": "恩和路社区",
        "name": name,
        "sex": "男",
        "ethnicity": "汉族",
        "birth": "2015.3.16",
        "id": resident_id(),
        "hukou": "是",
        "hukou_address": "内蒙古集宁区",
        "address": "恩和路1号",
        "health": "健康",
        "disability": "无",
        "illness": "无",
        "boarding": "否",
        "grade": "小学五年级",
        "father": "王大",
        "father_place": "广东深圳",
        "father_phone": "16100001111",
        "mother": "李二",
        "mother_place": "浙江义乌",
        "mother_phone": "16100002222",
        "both": "是",
        "one": "否",
        "entrusted": "有",
        "guardian": "王桂兰",
        "relation": "奶奶",
        "guardian_phone": "16100003333",
        "guardian_id": "",
        "quality": "较好",
        "income": "打工收入",
        "dibao": "√",
        "temporary": "",
        "medical": "",
        "other": "",
    }
    return list((row | changes).values())
