//! What a report is about, the switch of its colours, and how to read it.

use punctual::language::{Language, Phrase};

use super::{name, sentence};
use crate::report::markup::{Attr, Markup, Tag};
use crate::report::model::Head;
use crate::report::words;
use crate::words::grouped;

/// Writes the head of the page.
pub(super) fn head(m: &mut Markup, head: &Head, language: Language) {
    m.el(Tag::Header).class("page").with(|m| {
        switch(m, language);
        let kind = words::REPORT.text(language);
        m.el(Tag::P).class("kind").text(kind);
        m.el(Tag::H1).with(|m| name(m, &head.title));
        m.el(Tag::Dl).class("facts").with(|m| {
            let policy = |m: &mut Markup| {
                name(m, &head.policy);
                if !head.version.is_empty() {
                    m.text(format_args!(" {} ", words::VERSION.text(language)));
                    name(m, &head.version);
                }
            };
            fact(m, &words::POLICY, language, policy);
            m.el(Tag::Div).class("long").with(|m| {
                m.el(Tag::Dt).text(words::PERIOD.text(language));
                m.el(Tag::Dd).with(|m| period(m, head, language));
            });
            fact(m, &words::AS_OF, language, |m| name(m, &head.as_of));
            fact(m, &words::ZONE, language, |m| name(m, &head.zone));
            fact(m, &words::TICKETS, language, |m| {
                m.text(grouped(head.tickets))
            });
            fact(m, &words::EVENTS, language, |m| {
                m.text(grouped(head.events))
            });
        });
    });
}

fn period(m: &mut Markup, head: &Head, language: Language) {
    name(m, &head.period);
    if !head.period_before.is_empty() {
        m.el(Tag::Span).class("note").with(|m| {
            m.text(words::PERIOD_BEFORE.text(language));
            m.text(" ");
            name(m, &head.period_before);
        });
    }
}

fn fact(m: &mut Markup, title: &Phrase, language: Language, value: impl FnOnce(&mut Markup)) {
    m.el(Tag::Div).with(|m| {
        m.el(Tag::Dt).text(title.text(language));
        m.el(Tag::Dd).with(value);
    });
}

/// Writes three radio buttons that the style sheet looks at; no script is needed.
fn switch(m: &mut Markup, language: Language) {
    m.el(Tag::Fieldset).class("switch").with(|m| {
        let legend = words::THEME.text(language);
        m.el(Tag::Legend).text(legend);
        for (id, title, is_first) in [
            ("theme-auto", &words::THEME_AUTO, true),
            ("theme-light", &words::THEME_LIGHT, false),
            ("theme-dark", &words::THEME_DARK, false),
        ] {
            let input = m.el(Tag::Input).attr(Attr::Type, "radio");
            let input = input.attr(Attr::Name, "theme").fixed_id(id);
            if is_first {
                input.attr(Attr::Checked, "checked").empty();
            } else {
                input.empty();
            }
            let label = m.el(Tag::Label).label_of(id);
            label.text(title.text(language));
        }
    });
}

/// Writes how to read the page and how it was made.
pub(super) fn foot(m: &mut Markup, head: &Head, language: Language) {
    m.el(Tag::Footer).with(|m| {
        m.el(Tag::H2).text(words::HOW_TO_READ.text(language));
        m.el(Tag::Ul).with(|m| {
            for line in [
                &words::READ_SHARES,
                &words::READ_DASH,
                &words::READ_COLOURS,
                &words::READ_OFFLINE,
            ] {
                m.el(Tag::Li).text(line.text(language));
            }
        });
        m.el(Tag::Dl).class("made").with(|m| {
            if !head.made_by.is_empty() {
                fact(m, &words::MADE_BY, language, |m| {
                    m.el(Tag::Code).with(|m| sentence(m, &head.made_by));
                });
            }
            if !head.sources.is_empty() {
                fact(m, &words::SOURCES, language, |m| sources(m, &head.sources));
            }
        });
    });
}

fn sources(m: &mut Markup, sources: &[String]) {
    m.el(Tag::Ul).class("sources").with(|m| {
        for source in sources {
            m.el(Tag::Li).with(|m| {
                m.el(Tag::Code).with(|m| name(m, source));
            });
        }
    });
}
