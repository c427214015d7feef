//! Character classes and the foldings that Unicode's NFKC leaves out.

/// An ideograph, or another character that is set without spaces around it: kana, 〇, Chinese punctuation
/// does not count.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'
        | '〇' | '々' | '\u{3040}'..='\u{30ff}' | '○')
}

/// Punctuation that carries its own space in Chinese typesetting: brackets, quotation marks, 、 。 and the rest.
pub fn is_wide_punctuation(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{301f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}' | '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// White space in the wide sense: also no-break, thin and ideographic spaces.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// Characters without a shape of their own: zero-width marks, soft hyphens, direction marks, controls.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{ad}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}')
        || (c.is_control() && !c.is_whitespace())
}

/// A dash or minus of any width.
pub fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'..='\u{2015}' | '−' | '─' | '━' | '﹘' | '﹣' | '－' | '\u{30fc}' | '\u{ff70}' | '⁃'
    )
}

/// The ideograph of a radical (block CJK Radicals Supplement) that NFKC leaves alone; any other character comes
/// back unchanged. Producers that subset fonts by glyph often map an ideograph's glyph to the radical of the
/// same shape. Source: Unicode Character Database, names and cross references of the block.
pub fn fold_radical(c: char) -> char {
    if !('\u{2e80}'..='\u{2eff}').contains(&c) {
        return c;
    }
    match c {
        '⺁' => '厂',
        '⺃' => '乙',
        '⺊' => '卜',
        '⺌' => '小',
        '⺍' => '小',
        '⺎' => '兀',
        '⺒' => '巳',
        '⺓' => '幺',
        '⺛' => '旡',
        '⺜' => '日',
        '⺝' => '月',
        '⺞' => '歹',
        '⺟' => '母',
        '⺠' => '民',
        '⺤' => '爪',
        '⺧' => '牛',
        '⺩' => '王',
        '⺪' => '疋',
        '⺫' => '目',
        '⺬' => '示',
        '⺮' => '竹',
        '⺱' => '网',
        '⺳' => '网',
        '⺶' => '羊',
        '⺻' => '聿',
        '⺼' => '月',
        '⺽' => '臼',
        '⻁' => '虎',
        '⻂' => '衣',
        '⻃' => '西',
        '⻄' => '西',
        '⻅' => '见',
        '⻆' => '角',
        '⻇' => '角',
        '⻉' => '贝',
        '⻊' => '足',
        '⻋' => '车',
        '⻑' => '長',
        '⻓' => '长',
        '⻔' => '门',
        '⻗' => '雨',
        '⻘' => '青',
        '⻙' => '韦',
        '⻚' => '页',
        '⻛' => '风',
        '⻜' => '飞',
        '⻝' => '食',
        '⻞' => '食',
        '⻟' => '食',
        '⻡' => '首',
        '⻢' => '马',
        '⻣' => '骨',
        '⻤' => '鬼',
        '⻥' => '鱼',
        '⻦' => '鸟',
        '⻧' => '卤',
        '⻨' => '麦',
        '⻩' => '黄',
        '⻪' => '黾',
        '⻫' => '斉',
        '⻬' => '齐',
        '⻭' => '歯',
        '⻮' => '齿',
        '⻯' => '竜',
        '⻰' => '龙',
        '⻱' => '龜',
        '⻲' => '亀',
        '⻳' => '龟',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_stand_at_their_own_offset() {
        for (radical, unified) in [
            ('⺁', '厂'),
            ('⺠', '民'),
            ('⺼', '月'),
            ('⻅', '见'),
            ('⻉', '贝'),
            ('⻋', '车'),
            ('⻓', '长'),
            ('⻔', '门'),
            ('⻘', '青'),
            ('⻚', '页'),
            ('⻛', '风'),
            ('⻝', '食'),
            ('⻢', '马'),
            ('⻩', '黄'),
            ('⻬', '齐'),
            ('⻰', '龙'),
            ('⻳', '龟'),
        ] {
            assert_eq!(fold_radical(radical), unified, "{radical}");
        }
    }

    #[test]
    fn other_characters_stay() {
        for c in ['支', 'a', '\u{2e80}', '\u{2eff}', '⻖', '\u{10ffff}'] {
            assert_eq!(fold_radical(c), c);
        }
    }
}
