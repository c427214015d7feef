//! Kangxi radicals (U+2F00–2FD5) and CJK radicals (U+2E80–2EF3) → unified ideographs.
//!
//! Chromium, WPS and macOS put radicals into ToUnicode because the font draws both with one glyph: `⽀出` for
//! `支出`. No budget means the radical. Source: Unicode's `EquivalentUnifiedIdeograph.txt`; where it names a form
//! that mainland text does not use (`⼾` → 戶, `⾭` → 靑), the form of GB 2312 stands instead.

/// The ideograph for a radical, anything else unchanged.
#[inline]
pub(super) fn unify(ch: char) -> char {
    let code = ch as u32;
    if !(0x2E80..=0x2FD5).contains(&code) {
        return ch;
    }
    let slot = match code {
        0x2F00.. => KANGXI.get((code - 0x2F00) as usize),
        _ => SUPPLEMENT.get((code - 0x2E80) as usize),
    };
    slot.copied().unwrap_or(ch)
}

/// U+2F00 … U+2FD5.
#[rustfmt::skip]
static KANGXI: [char; 214] = [
    '一', '丨', '丶', '丿', '乙', '亅', '二', '亠', '人', '儿', '入', '八', '冂', '冖', '冫', '几', '凵', '刀', '力',
    '勹', '匕', '匚', '匸', '十', '卜', '卩', '厂', '厶', '又', '口', '囗', '土', '士', '夂', '夊', '夕', '大', '女',
    '子', '宀', '寸', '小', '尢', '尸', '屮', '山', '巛', '工', '己', '巾', '干', '幺', '广', '廴', '廾', '弋', '弓',
    '彐', '彡', '彳', '心', '戈', '户', '手', '支', '攴', '文', '斗', '斤', '方', '无', '日', '曰', '月', '木', '欠',
    '止', '歹', '殳', '毋', '比', '毛', '氏', '气', '水', '火', '爪', '父', '爻', '爿', '片', '牙', '牛', '犬', '玄',
    '玉', '瓜', '瓦', '甘', '生', '用', '田', '疋', '疒', '癶', '白', '皮', '皿', '目', '矛', '矢', '石', '示', '禸',
    '禾', '穴', '立', '竹', '米', '糸', '缶', '网', '羊', '羽', '老', '而', '耒', '耳', '聿', '肉', '臣', '自', '至',
    '臼', '舌', '舛', '舟', '艮', '色', '艸', '虍', '虫', '血', '行', '衣', '襾', '見', '角', '言', '谷', '豆', '豕',
    '豸', '貝', '赤', '走', '足', '身', '車', '辛', '辰', '辵', '邑', '酉', '釆', '里', '金', '長', '門', '阜', '隶',
    '隹', '雨', '青', '非', '面', '革', '韋', '韭', '音', '頁', '風', '飛', '食', '首', '香', '馬', '骨', '高', '髟',
    '鬥', '鬯', '鬲', '鬼', '魚', '鳥', '鹵', '鹿', '麥', '麻', '黃', '黍', '黑', '黹', '黽', '鼎', '鼓', '鼠', '鼻',
    '齊', '齒', '龍', '龜', '龠',
];

/// U+2E80 … U+2EF3; U+2E80 and U+2E9A have no equivalent.
#[rustfmt::skip]
static SUPPLEMENT: [char; 116] = [
    '⺀', '厂', '乛', '乚', '乙', '亻', '冂', '𠘨', '刀', '刂', '卜', '㔾', '小', '小', '兀', '尣', '尢', '𡯂', '巳',
    '幺', '彑', '彐', '忄', '心', '扌', '攵', '⺚', '旡', '日', '月', '歺', '母', '民', '氵', '氺', '灬', '爫', '爫',
    '丬', '牛', '犭', '王', '𤴔', '目', '示', '礻', '𥫗', '糹', '纟', '罓', '罒', '㓁', '冗', '𦉫', '羊', '𦍌', '𦍋',
    '耂', '肀', '聿', '肉', '𦥑', '艹', '艹', '艹', '虎', '衤', '覀', '西', '见', '角', '𧢲', '讠', '贝', '𧾷', '车',
    '辶', '辶', '辶', '邑', '钅', '長', '镸', '长', '门', '𨸏', '阝', '雨', '青', '韦', '页', '风', '飞', '食', '𩙿',
    '飠', '饣', '𩠐', '马', '骨', '鬼', '鱼', '鸟', '卤', '麦', '黄', '黾', '斉', '齐', '歯', '齿', '竜', '龙', '龜',
    '亀', '龟',
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_blocks_and_the_rest() {
        let radicals = "⽀⼀⼈⼤⽅⽇⽉⼊⼾⾭⻔⻋⻅⻓⻚⻛⻜⻢⻥⻦⻄⺠⻩⻬⻰";
        let plain = "支一人大方日月入户青门车见长页风飞马鱼鸟西民黄齐龙";
        assert_eq!(radicals.chars().map(unify).collect::<String>(), plain);
        let others = "支A1，\u{2EF4}\u{2FD6}\u{2E7F}\u{2FF0}";
        assert_eq!(others.chars().map(unify).collect::<String>(), others);
    }

    #[test]
    fn nothing_maps_to_a_radical_again() {
        for code in 0x2E80..=0x2FD5 {
            let ch = char::from_u32(code).unwrap();
            let unified = unify(ch);
            if unified != ch {
                assert_eq!(unify(unified), unified);
                assert!(!(0x2E80..=0x2FDF).contains(&(unified as u32)), "{code:x}");
            }
        }
    }
}
