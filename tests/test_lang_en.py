"""English: what is printed, and the claims it makes. Every sentence was written for this table."""

from __future__ import annotations

import pytest

from claims.extraction import extract
from claims.models import Article


def rows(text):
    """The claims of a text as rows: text, speaker, kind, role, organization, via and cue.

    What is as likely right as wrong counts here: a lone sentence says little of who is meant.
    """
    return [
        (c.text, c.speaker.name, c.kind, c.role, c.organization, c.via, c.cue)
        for c in extract(Article(text=text, language="en"), threshold=0.5)
    ]


# Quotations, before and behind the speaker, split, partly quoted, with every kind of mark.
QUOTATIONS = [
    (
        '"The bridge is safe," Mayor Nora Quill said on Monday.',
        [
            ("The bridge is safe", "Nora Quill", "direct", "Mayor", None, None, "said"),
        ],
    ),
    (
        '"The bridge is safe," said Nora Quill, the mayor of Easthaven.',
        [
            ("The bridge is safe", "Nora Quill", "direct", "mayor", "Easthaven", None, "said"),
        ],
    ),
    (
        'Mayor Nora Quill said: "The bridge is safe."',
        [
            ("The bridge is safe.", "Nora Quill", "direct", "Mayor", None, None, "said"),
        ],
    ),
    (
        'Nora Quill, the mayor of Easthaven, told reporters, "The bridge is safe."',
        [
            ("The bridge is safe.", "Nora Quill", "direct", "mayor", "Easthaven", None, "told"),
        ],
    ),
    (
        '"The bridge," Nora Quill said, "is safe."',
        [
            (
                'The bridge," Nora Quill said, "is safe.',
                "Nora Quill",
                "direct",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        '"The bridge is safe," Nora Quill said. "We checked every bolt."',
        [
            ("The bridge is safe", "Nora Quill", "direct", None, None, None, "said"),
            ("We checked every bolt.", "Nora Quill", "direct", None, None, None, None),
        ],
    ),
    (
        "“The bridge is safe,” said Nora Quill, 52. “We checked every bolt.”",
        [
            ("The bridge is safe", "Nora Quill", "direct", None, None, None, "said"),
            ("We checked every bolt.", "Nora Quill", "direct", None, None, None, None),
        ],
    ),
    (
        "''The bridge is safe,'' said Nora Quill, an engineer at Volta Bank. ''We checked it.''",
        [
            (
                "The bridge is safe",
                "Nora Quill",
                "direct",
                "engineer",
                "Volta Bank",
                None,
                "said",
            ),
            (
                "We checked it.",
                "Nora Quill",
                "direct",
                "engineer",
                "Volta Bank",
                None,
                None,
            ),
        ],
    ),
    (
        "'The bridge is safe,' Nora Quill said. 'We've checked every bolt.'",
        [
            ("The bridge is safe", "Nora Quill", "direct", None, None, None, "said"),
            ("We've checked every bolt.", "Nora Quill", "direct", None, None, None, None),
        ],
    ),
    (
        '“The bridge is safe," said Nora Quill.',
        [
            ("The bridge is safe", "Nora Quill", "direct", None, None, None, "said"),
        ],
    ),
    (
        '"Is the bridge safe?" asked Nora Quill.',
        [
            ("Is the bridge safe?", "Nora Quill", "direct", None, None, None, "asked"),
        ],
    ),
    (
        '"Close the bridge!" Nora Quill shouted.',
        [
            ("Close the bridge!", "Nora Quill", "direct", None, None, None, "shouted"),
        ],
    ),
    (
        'Nora Quill praised the crew and said, "The bridge is safe."',
        [
            ("The bridge is safe.", "Nora Quill", "direct", None, None, None, "said"),
        ],
    ),
    (
        'Nora Quill opened the bridge on Friday, adding: "We checked every bolt."',
        [
            ("We checked every bolt.", "Nora Quill", "direct", None, None, None, "adding"),
        ],
    ),
    (
        'Nora Quill: "The bridge is safe."',
        [
            ("The bridge is safe.", "Nora Quill", "direct", None, None, None, None),
        ],
    ),
    (
        'According to Nora Quill, "the bridge is safe."',
        [
            ("the bridge is safe.", "Nora Quill", "direct", None, None, None, "According to"),
        ],
    ),
    (
        'Nora Quill spoke first. "The bridge is safe," she said.',
        [
            ("The bridge is safe", "Nora Quill", "direct", None, None, None, "said"),
        ],
    ),
    (
        'The delay was "a small price to pay," Nora Quill said.',
        [
            (
                'The delay was "a small price to pay,"',
                "Nora Quill",
                "mixed",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        'If the money comes, "we will build a second bridge," Nora Quill said.',
        [
            (
                'If the money comes, "we will build a second bridge,"',
                "Nora Quill",
                "mixed",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        'Nora Quill called the bridge "the safest in the country."',
        [
            (
                'the bridge "the safest in the country."',
                "Nora Quill",
                "mixed",
                None,
                None,
                None,
                "called",
            ),
        ],
    ),
    (
        'Nora Quill said the bridge was "safe as houses" and would open in May.',
        [
            (
                'the bridge was "safe as houses" and would open in May',
                "Nora Quill",
                "mixed",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        'Nora Quill said "no bolt was left unchecked" before the opening.',
        [
            ("no bolt was left unchecked", "Nora Quill", "direct", None, None, None, "said"),
        ],
    ),
    (
        '"The beam was 5\'10" and then some," said Nora Quill, an engineer.',
        [
            (
                "The beam was 5'10\" and then some",
                "Nora Quill",
                "direct",
                "engineer",
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        '"We checked every bolt," the bank said in a statement.',
        [
            ("We checked every bolt", "the bank", "direct", None, None, None, "said"),
        ],
    ),
]

# Statements that reach over paragraphs.
PARAGRAPHS = [
    (
        'Nora Quill said the bridge was safe.\n\n"We checked every bolt."',
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
            ("We checked every bolt.", "Nora Quill", "direct", None, None, None, None),
        ],
    ),
    (
        'Nora Quill said this on Friday:\n\n"The bridge is safe."',
        [
            ("The bridge is safe.", "Nora Quill", "direct", None, None, None, "said"),
        ],
    ),
    (
        'Nora Quill issued a statement:\n\n"The bridge is safe."',
        [
            ("The bridge is safe.", "Nora Quill", "direct", None, None, None, "issued"),
        ],
    ),
    (  # a paragraph left open: who speaks is named where the quotation ends
        'Ivo Brandt disagreed.\n\n"The bridge is safe.\n\n"It was built to last," Nora Quill said.',
        [
            (
                'The bridge is safe.\n\n"It was built to last',
                "Nora Quill",
                "direct",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        '"Is the bridge safe?" Nora Quill asked.',
        [("Is the bridge safe?", "Nora Quill", "direct", None, None, None, "asked")],
    ),
    (  # nothing more is said behind "interview"
        '"It is safe," Nora Quill said in a Friday interview with Kestrel Radio.',
        [
            (
                "It is safe",
                "Nora Quill",
                "direct",
                None,
                None,
                "Kestrel Radio",
                "said",
            )
        ],
    ),
]

# Reported speech: only the complement is the claim.
REPORTED = [
    (  # known by title and surname alone
        "Mr. Orban was impressed. He said that the bridge was safe.",
        [("the bridge was safe", "Orban", "indirect", None, None, None, "said")],
    ),
    (  # of two with one surname, nobody can say which one he is
        "Karl Orban was late. Paul Orban was early. Nora Quill sang.\n\n"
        "Mr. Orban was impressed. He said that the bridge was safe.",
        [],
    ),
    (  # a clause with "while" ends where the main clause begins
        "While Nora Quill said that the bridge was safe, the mayor closed it.",
        [("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said")],
    ),
    (  # nothing is reported by what stands behind a quotation's cue
        '"It is safe," Nora Quill said in a statement issued on Friday.',
        [("It is safe", "Nora Quill", "direct", None, None, None, "said")],
    ),
    (
        "The team announced after the game that the bridge was safe.",
        [("the bridge was safe", "The team", "indirect", None, None, None, "announced")],
    ),
    (
        'He had said that the bridge was "a disgrace," Nora Quill recalled.',
        [
            (
                'He had said that the bridge was "a disgrace,"',
                "Nora Quill",
                "mixed",
                None,
                None,
                None,
                "recalled",
            )
        ],
    ),
    (
        "The manufacturer, Kestrel Surgical of Riga, said that the bridge was safe.",
        [("the bridge was safe", "Kestrel Surgical", "indirect", None, None, None, "said")],
    ),
    (
        "The senator said that the bridge was safe.",
        [("the bridge was safe", "The senator", "indirect", None, None, None, "said")],
    ),
    (
        "If it rains, Nora Quill said, the bridge will close.",
        [
            (
                "If it rains, Nora Quill said, the bridge will close",
                "Nora Quill",
                "indirect",
                None,
                None,
                None,
                "said",
            )
        ],
    ),
    (
        "Nora Quill said that the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill said the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill said on Monday that the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill said in a statement that the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill has said the bridge is safe.",
        [
            ("the bridge is safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill also said the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill told the council that the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "told"),
        ],
    ),
    (
        "Nora Quill told reporters the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "told"),
        ],
    ),
    (
        "Nora Quill argued that the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "argued"),
        ],
    ),
    (
        "Nora Quill insisted the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "insisted"),
        ],
    ),
    (
        "Nora Quill is warning that the bridge could close.",
        [
            ("the bridge could close", "Nora Quill", "indirect", None, None, None, "warning"),
        ],
    ),
    (
        "Nora Quill acknowledged she had never crossed the bridge.",
        [
            (
                "she had never crossed the bridge",
                "Nora Quill",
                "indirect",
                None,
                None,
                None,
                "acknowledged",
            ),
        ],
    ),
    (
        "Nora Quill asked whether the bridge was safe.",
        [
            ("whether the bridge was safe", "Nora Quill", "indirect", None, None, None, "asked"),
        ],
    ),
    (
        "Nora Quill denied that the bridge was unsafe.",
        [
            ("the bridge was unsafe", "Nora Quill", "indirect", None, None, None, "denied"),
        ],
    ),
    (
        "Nora Quill accused the builder of cutting corners.",
        [
            (
                "the builder of cutting corners",
                "Nora Quill",
                "indirect",
                None,
                None,
                None,
                "accused",
            ),
        ],
    ),
    (
        "Nora Quill urged drivers to stay at home.",
        [
            ("drivers to stay at home", "Nora Quill", "indirect", None, None, None, "urged"),
        ],
    ),
    (
        "As Nora Quill noted, the bridge is older than the town.",
        [
            (
                "the bridge is older than the town",
                "Nora Quill",
                "indirect",
                None,
                None,
                None,
                "noted",
            ),
        ],
    ),
    (
        "The bridge will open in May, Nora Quill said.",
        [
            ("The bridge will open in May", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "The bridge will open in May, said Nora Quill, who runs the works.",
        [
            ("The bridge will open in May", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "The bridge, Nora Quill said, will open in May.",
        [
            (
                "The bridge, Nora Quill said, will open in May",
                "Nora Quill",
                "indirect",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        "The bridge will open in May, according to Nora Quill.",
        [
            (
                "The bridge will open in May",
                "Nora Quill",
                "indirect",
                None,
                None,
                None,
                "according to",
            ),
        ],
    ),
    (
        "According to the Transport Institute, the bridge carries 9,000 cars a day.",
        [
            (
                "the bridge carries 9,000 cars a day",
                "Transport Institute",
                "indirect",
                None,
                None,
                None,
                "According to",
            ),
        ],
    ),
    (
        "The bridge, according to the Transport Institute, carries 9,000 cars a day.",
        [
            (
                "The bridge, according to the Transport Institute, carries 9,000 cars a day",
                "Transport Institute",
                "indirect",
                None,
                None,
                None,
                "according to",
            ),
        ],
    ),
    (
        "Nora Quill, who grew up beside the bridge, said it would open in May.",
        [
            ("it would open in May", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill, a former mayor of Easthaven, said it would open in May.",
        [
            (
                "it would open in May",
                "Nora Quill",
                "indirect",
                "former mayor",
                "Easthaven",
                None,
                "said",
            ),
        ],
    ),
    (
        "It’s safe, Nora Quill said.",
        [
            ("It’s safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
]

# Where a statement ends and the next one begins.
ENDS = [
    (
        "Nora Quill said the bridge was safe, but Adam Bell said it was not.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
            ("it was not", "Adam Bell", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill said the bridge was safe and that it would open in May.",
        [
            (
                "the bridge was safe and that it would open in May",
                "Nora Quill",
                "indirect",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        "Nora Quill said the bridge was safe and added that it would open in May.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
            ("it would open in May", "Nora Quill", "indirect", None, None, None, "added"),
        ],
    ),
    (
        "Nora Quill said the bridge was safe, adding that it would open in May.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
            ("it would open in May", "Nora Quill", "indirect", None, None, None, "adding"),
        ],
    ),
    (
        "Nora Quill defended the bridge, saying it was safe.",
        [
            ("it was safe", "Nora Quill", "indirect", None, None, None, "saying"),
        ],
    ),
    (
        "Nora Quill closed the bridge but said it was safe.",
        [
            ("it was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill said the bridge was safe, while Adam Bell stayed away.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill said the bridge was safe; the council disagreed.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
]

# Cues and quotations further apart, and what was no cue before.
FURTHER = [
    (  # a clause that names the occasion
        '"The bridge is safe," Nora Quill told reporters after a meeting that was held in May.',
        [("The bridge is safe", "Nora Quill", "direct", None, None, None, "told")],
    ),
    (
        '"Many crossed it," Nora Quill wrote in a letter to the council explaining why she left, '
        '"but few came back."',
        [
            (
                'Many crossed it," Nora Quill wrote in a letter to the council explaining why she '
                'left, "but few came back.',
                "Nora Quill",
                "direct",
                None,
                None,
                None,
                "wrote",
            ),
        ],
    ),
    (  # a comma, not the capital, says that it goes on
        '"If you look," Nora Quill said, "I think it is safe."',
        [
            (
                'If you look," Nora Quill said, "I think it is safe.',
                "Nora Quill",
                "direct",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (  # ... but this is a title
        '"It is a film about bridges," said Nora Quill, whose new film, "Spans," opens on Friday.',
        [("It is a film about bridges", "Nora Quill", "direct", None, None, None, "said")],
    ),
    (  # any verb in the place of a cue, behind a quotation that pauses
        '"Half the town came," remembered Nora Quill, a crane operator.',
        [
            (
                "Half the town came",
                "Nora Quill",
                "direct",
                "crane operator",
                None,
                None,
                "remembered",
            )
        ],
    ),
    (  # an abbreviation that ends the sentence too
        '"It is closed," Nora Quill said in a call from Albany, N.Y. "It will open in May."',
        [
            ("It is closed", "Nora Quill", "direct", None, None, None, "said"),
            ("It will open in May.", "Nora Quill", "direct", None, None, None, None),
        ],
    ),
    (
        "Easthaven Port Authority issued a statement saying it would close the bridge in May.",
        [
            (
                "it would close the bridge in May",
                "Easthaven Port Authority",
                "indirect",
                None,
                None,
                None,
                "issued a statement saying",
            ),
        ],
    ),
    (
        "Nora Quill opened the bridge in May. While she's said she will stay, Quill may leave.",
        [("she will stay", "Nora Quill", "indirect", None, None, None, "said")],
    ),
    (
        "As the council looks for builders, the old bridge is closed to trucks, Nora Quill said.",
        [
            (
                "As the council looks for builders, the old bridge is closed to trucks",
                "Nora Quill",
                "indirect",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        '"It is simple," said Nora Quill of Easthaven University, adding that a test was made.',
        [
            (
                "It is simple",
                "Nora Quill",
                "direct",
                None,
                "Easthaven University",
                None,
                "said",
            ),
            (
                "a test was made",
                "Nora Quill",
                "indirect",
                None,
                "Easthaven University",
                None,
                "adding",
            ),
        ],
    ),
    (
        "Nora Quill promised that it would hold. Quill promised the bridge would be painted.",
        [
            ("it would hold", "Nora Quill", "indirect", None, None, None, "promised"),
            ("the bridge would be painted", "Nora Quill", "indirect", None, None, None, "promised"),
        ],
    ),
    (  # readers' words, signed
        "Nora Quill left.\n\n“The bridge scares me every day.” ― Ivo Brandt\n"
        "“I walk over it and sing, and the river is loud.”\n\n- Quill.",
        [
            ("The bridge scares me every day.", "Ivo Brandt", "direct", None, None, None, None),
            (
                "I walk over it and sing, and the river is loud.",
                "Nora Quill",
                "direct",
                None,
                None,
                None,
                None,
            ),
        ],
    ),
    (  # what stands before the speaker is only the beginning
        "But to keep the bridge, Nora Quill said, the council should hire more builders.",
        [
            (
                "to keep the bridge, Nora Quill said, the council should hire more builders",
                "Nora Quill",
                "indirect",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        "The old bridge is safe, Nora Quill said, a claim that the builders deny.",
        [("The old bridge is safe", "Nora Quill", "indirect", None, None, None, "said")],
    ),
    ("Everything Nora Quill says is a lie until it is proven.", []),
    (
        "Nora Quill insisted there was a plan. Quill warned trucks could break the bridge.",
        [
            ("there was a plan", "Nora Quill", "indirect", None, None, None, "insisted"),
            ("trucks could break the bridge", "Nora Quill", "indirect", None, None, None, "warned"),
        ],
    ),
    (  # a lost closing mark joins no two speakers
        '"The bridge is safe," Nora Quill said on Friday. "Nobody in town need be afraid of it.\n\n'
        '"We have been counting the cracks in it since the spring," added Ivo Brandt, a builder.',
        [
            ("The bridge is safe", "Nora Quill", "direct", None, None, None, "said"),
            (
                "Nobody in town need be afraid of it.",
                "Nora Quill",
                "direct",
                None,
                None,
                None,
                None,
            ),
            (
                "We have been counting the cracks in it since the spring",
                "Ivo Brandt",
                "direct",
                "builder",
                None,
                None,
                "added",
            ),
        ],
    ),
    (
        "Nora Quill, the mayor, was quoted as saying the bridge was closed.",
        [
            (
                "the bridge was closed",
                "Nora Quill",
                "indirect",
                "mayor",
                None,
                None,
                "was quoted as saying",
            )
        ],
    ),
]

# Who speaks: name, role and organization apart, or the words of the article.
SPEAKERS = [
    (
        "Vice President Nora Quill said the bridge was safe.",
        [("the bridge was safe", "Nora Quill", "indirect", "Vice President", None, None, "said")],
    ),
    (
        "In a brief yet firm letter, the port's information officer, Captain Nora Quill, states: "
        "“The bridge is safe.”",
        [
            (
                "The bridge is safe.",
                "Nora Quill",
                "direct",
                "information officer",
                None,
                None,
                "states",
            )
        ],
    ),
    (  # the first word of a name that could be one of an office
        "Senior Crossing says the bridge is safe.",
        [("the bridge is safe", "Senior Crossing", "indirect", None, None, None, "says")],
    ),
    (
        "Easthaven Port Chief Executive Nora Quill said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill",
                "indirect",
                "Chief Executive",
                "Easthaven Port",
                None,
                "said",
            )
        ],
    ),
    (
        "Chief Financial Officer Nora Quill said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill",
                "indirect",
                "Chief Financial Officer",
                None,
                None,
                "said",
            )
        ],
    ),
    (
        "Dockworkers' union president Nora Quill said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill",
                "indirect",
                "president",
                "Dockworkers' union",
                None,
                "said",
            )
        ],
    ),
    (
        "Nora Quill, of the residents' group Safe Crossing, said the bridge was safe.",
        [("the bridge was safe", "Nora Quill", "indirect", None, "Safe Crossing", None, "said")],
    ),
    (
        "Nora Quill, Easthaven Bank's head of research, said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill",
                "indirect",
                "head of research",
                "Easthaven Bank",
                None,
                "said",
            )
        ],
    ),
    (
        "Nora Quill of Easthaven said the bridge was safe.",
        [("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said")],
    ),
    (
        "Governor Nora Quill of Easthaven said the bridge was safe.",
        [("the bridge was safe", "Nora Quill", "indirect", "Governor", "Easthaven", None, "said")],
    ),
    (
        "Senator Nora Quill, a farmer by trade, said the bridge was safe.",
        [("the bridge was safe", "Nora Quill", "indirect", "Senator", None, None, "said")],
    ),
    (
        "Nora Quill, a spokeswoman for the state Department of Roads, said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill",
                "indirect",
                "spokeswoman",
                "Department of Roads",
                None,
                "said",
            )
        ],
    ),
    (
        "Retired judge Nora Quill said the bridge was safe.",
        [("the bridge was safe", "Nora Quill", "indirect", "Retired judge", None, None, "said")],
    ),
    (  # an office without an organization is in the company that the page is about
        "Orrin Foods will close a plant. Chief executive Nora Quill said the plant was old. "
        "Orrin said the plant would close in May.",
        [
            (
                "the plant was old",
                "Nora Quill",
                "indirect",
                "Chief executive",
                "Orrin Foods",
                None,
                "said",
            ),
            (
                "the plant would close in May",
                "Orrin Foods",
                "indirect",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (  # "the chairman" in one sentence, the name alone in the next
        "The port's chairman, Nora Quill, left at noon. Quill said the bridge was safe.",
        [("the bridge was safe", "Nora Quill", "indirect", "chairman", None, None, "said")],
    ),
    (
        "Ms. Quill said the bridge was safe.",
        [
            ("the bridge was safe", "Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Dr. Nora Quill said the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Sen. Nora Quill said the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", "Sen.", None, None, "said"),
        ],
    ),
    (
        "Finance Minister Nora Quill said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill",
                "indirect",
                "Finance Minister",
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        "Chief Executive Officer Nora Quill said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill",
                "indirect",
                "Chief Executive Officer",
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        '"It holds," crane operator Nora Quill said.',
        [
            ("It holds", "Nora Quill", "direct", "crane operator", None, None, "said"),
        ],
    ),
    (
        "Volta Bridges spokeswoman Nora Quill said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill",
                "indirect",
                "spokeswoman",
                "Volta Bridges",
                None,
                "said",
            ),
        ],
    ),
    (
        "The company's chief engineer, Nora Quill, said the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", "chief engineer", None, None, "said"),
        ],
    ),
    (
        "Nora Quill of the Transport Institute said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill",
                "indirect",
                None,
                "Transport Institute",
                None,
                "said",
            ),
        ],
    ),
    (
        "Nora Quill, 52, a welder, said the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", "welder", None, None, "said"),
        ],
    ),
    (
        "The Transport Ministry said the bridge was safe.",
        [
            ("the bridge was safe", "Transport Ministry", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "The company said the bridge was safe.",
        [
            ("the bridge was safe", "The company", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "A study by the Transport Institute found that the bridge was safe.",
        [
            (
                "the bridge was safe",
                "A study by the Transport Institute",
                "indirect",
                None,
                "Transport Institute",
                None,
                "found",
            ),
        ],
    ),
    (
        "Officials said the bridge was safe.",
        [
            ("the bridge was safe", "Officials", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Two people briefed on the matter said the bridge was safe.",
        [
            ("the bridge was safe", "Two people", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "A person who has seen the report said the bridge was safe.",
        [
            ("the bridge was safe", "A person", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill and Adam Bell said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill and Adam Bell",
                "indirect",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        "Critics say the bridge is a waste of money.",
        [
            ("the bridge is a waste of money", "Critics", "indirect", None, None, None, "say"),
        ],
    ),
    (
        "Reuters reported that the bridge was safe.",
        [
            ("the bridge was safe", "Reuters", "indirect", None, None, "Reuters", "reported"),
        ],
    ),
    (
        "Nora Quill told the Easthaven Gazette that the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Nora Quill",
                "indirect",
                None,
                None,
                "Easthaven Gazette",
                "told",
            ),
        ],
    ),
    (
        "The mayor of Easthaven, Nora Quill, said the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", "mayor", "Easthaven", None, "said"),
        ],
    ),
    (
        "Both Nora Quill and the council said the bridge was safe.",
        [
            (
                "the bridge was safe",
                "Both Nora Quill and the council",
                "indirect",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
]

# Short forms, pronouns and descriptions mean somebody named before.
CARRIED = [
    (
        "Nora Quill, the mayor of Easthaven, opened the bridge. Quill said it was safe.",
        [
            ("it was safe", "Nora Quill", "indirect", "mayor", "Easthaven", None, "said"),
        ],
    ),
    (
        "Nora Quill opened the bridge. She said it was safe.",
        [
            ("it was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill met Adam Bell on Monday. He said the bridge was safe.",
        [
            ("the bridge was safe", "Adam Bell", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill met Adam Bell on Monday. She said the bridge was safe.",
        [
            ("the bridge was safe", "Nora Quill", "indirect", None, None, None, "said"),
        ],
    ),
    (
        "Nora Quill, the mayor of Easthaven, opened the bridge. The mayor said it was safe.",
        [
            ("it was safe", "Nora Quill", "indirect", "mayor", "Easthaven", None, "said"),
        ],
    ),
    (
        'A western diplomat said talks were over. "They argued about a comma," the diplomat said.',
        [
            ("talks were over", "A western diplomat", "indirect", None, None, None, "said"),
            (
                "They argued about a comma",
                "A western diplomat",
                "direct",
                None,
                None,
                None,
                "said",
            ),
        ],
    ),
    (
        "Volta Group said the bridge was safe. The company said it would open in May.",
        [
            ("the bridge was safe", "Volta Group", "indirect", None, None, None, "said"),
            ("it would open in May", "Volta Group", "indirect", None, None, None, "said"),
        ],
    ),
]

# Contents that go on, verbs with their objects, and what somebody is.
MORE = [
    (
        "Mina Ode said the harbor was closed, but not for repairs.",
        [
            (
                "the harbor was closed, but not for repairs",
                "Mina Ode",
                "indirect",
                None,
                None,
                None,
                "said",
            )
        ],
    ),
    (
        "Mina Ode said the harbor – closed since May – would open again.",
        [
            (
                "the harbor – closed since May – would open again",
                "Mina Ode",
                "indirect",
                None,
                None,
                None,
                "said",
            )
        ],
    ),
    (
        "Mina Ode – who runs the harbor – said the ferries were late.",
        [("the ferries were late", "Mina Ode", "indirect", None, None, None, "said")],
    ),
    (
        "Mina Ode pledged to open the harbor by June.",
        [("to open the harbor by June", "Mina Ode", "indirect", None, None, None, "pledged")],
    ),
    (
        "Mina Ode described a new timetable for the ferries.",
        [
            (
                "a new timetable for the ferries",
                "Mina Ode",
                "indirect",
                None,
                None,
                None,
                "described",
            )
        ],
    ),
    (
        "Mina Ode asked the council to close the harbor.",
        [("the council to close the harbor", "Mina Ode", "indirect", None, None, None, "asked")],
    ),
    (
        "Mina Ode did not attack the council but argued that the harbor was unsafe.",
        [("the harbor was unsafe", "Mina Ode", "indirect", None, None, None, "argued")],
    ),
    (
        "The ferries were what Mina Ode called “a disgrace to the island.”",
        [("a disgrace to the island.", "Mina Ode", "direct", None, None, None, "called")],
    ),
    (
        "The plan, says Mina Ode, is dead.",
        [("The plan, says Mina Ode, is dead", "Mina Ode", "indirect", None, None, None, "says")],
    ),
    (
        "“It works,” said Dr. Alan Grey of St. Mary’s Hospital.",
        [("It works", "Alan Grey", "direct", None, "St. Mary’s Hospital", None, "said")],
    ),
    (
        "“It works,” said Mina Ode, co-founder and CTO at Orchard Robotics.",
        [
            (
                "It works",
                "Mina Ode",
                "direct",
                "co-founder and CTO",
                "Orchard Robotics",
                None,
                "said",
            )
        ],
    ),
    (
        "Lena Harrow, a professor of government at Lorsk University, said voters would punish it.",
        [
            (
                "voters would punish it",
                "Lena Harrow",
                "indirect",
                "professor of government",
                "Lorsk University",
                None,
                "said",
            )
        ],
    ),
    (
        "According to Jane Poe, a lawyer at Acme Corp, the case is closed.",
        [
            (
                "the case is closed",
                "Jane Poe",
                "indirect",
                "lawyer",
                "Acme Corp",
                None,
                "According to",
            )
        ],
    ),
    (
        "Police said the man was armed.",
        [("the man was armed", "Police", "indirect", None, None, None, "said")],
    ),
    (
        "The Food and Drug Administration said the drug was safe.",
        [
            (
                "the drug was safe",
                "Food and Drug Administration",
                "indirect",
                None,
                None,
                None,
                "said",
            )
        ],
    ),
    (
        "“No,” Assistant U.S. Attorney Mina Ode told jurors.",
        [("No", "Mina Ode", "direct", "Assistant U.S. Attorney", None, None, "told")],
    ),
    (
        "Board member Mina Ode said the light would stay.",
        [("the light would stay", "Mina Ode", "indirect", "Board member", None, None, "said")],
    ),
    (
        "Trade Minister Mina Ode said the tariff would end.",
        [("the tariff would end", "Mina Ode", "indirect", "Trade Minister", None, None, "said")],
    ),
    (
        "Mina Ode’s lawyer, Alan Grey, said his client would appeal.",
        [("his client would appeal", "Alan Grey", "indirect", "lawyer", "Mina Ode", None, "said")],
    ),
    (
        "The Harbor Union was angry. Its president, Mina Ode, said the strike would go on.",
        [
            (
                "the strike would go on",
                "Mina Ode",
                "indirect",
                "president",
                "Harbor Union",
                None,
                "said",
            )
        ],
    ),
    (
        "The Harbor Bank fell. The bank’s chairman, Alan Grey, said it was safe.",
        [("it was safe", "Alan Grey", "indirect", "chairman", "Harbor Bank", None, "said")],
    ),
    (
        "Mina Ode, who leads the Harbor Union, said the strike would go on.",
        [("the strike would go on", "Mina Ode", "indirect", None, "Harbor Union", None, "said")],
    ),
    (
        "Mina Ode told the Riverside Ledger that the strike was over.",
        [("the strike was over", "Mina Ode", "indirect", None, None, "Riverside Ledger", "told")],
    ),
    (
        "Mina Ode told the state broadcaster RNE that the strike was over.",
        [("the strike was over", "Mina Ode", "indirect", None, None, "RNE", "told")],
    ),
    (
        "A spokesman for the Harbor Bank said the bank was safe.",
        [
            (
                "the bank was safe",
                "A spokesman for the Harbor Bank",
                "indirect",
                "spokesman",
                "Harbor Bank",
                None,
                "said",
            )
        ],
    ),
    (
        "Mina Ode said about 20 people had left the island.",
        [("about 20 people had left the island", "Mina Ode", "indirect", None, None, None, "said")],
    ),
    (
        "The ferry left at 8:30 p.m., according to Mina Ode.",
        [("The ferry left at 8:30 p.m.", "Mina Ode", "indirect", None, None, None, "according to")],
    ),
    (
        "Mina Ode is telling visitors that the harbor is closed.",
        [("the harbor is closed", "Mina Ode", "indirect", None, None, None, "telling")],
    ),
    (
        "Mina Ode, who asked not to be named in print, said the harbor was closed.",
        [("the harbor was closed", "Mina Ode", "indirect", None, None, None, "said")],
    ),
    (
        "Mina Ode wrote in her memoir, “Small Hours,” that the harbor was cold.",
        [("the harbor was cold", "Mina Ode", "indirect", None, None, None, "wrote")],
    ),
    (
        "The harbor will stay closed in winter, a new study found.",
        [
            (
                "The harbor will stay closed in winter",
                "a new study",
                "indirect",
                None,
                None,
                None,
                "found",
            )
        ],
    ),
    (
        "“It is late,” Mina Ode said. “Who knows?” She left early.",
        [
            ("It is late", "Mina Ode", "direct", None, None, None, "said"),
            ("Who knows?", "Mina Ode", "direct", None, None, None, None),
        ],
    ),
    (
        "The bank is for sale, the Riverside Post reported on Monday, citing two bankers.",
        [
            (
                "The bank is for sale",
                "two bankers",
                "indirect",
                None,
                None,
                "Riverside Post",
                "reported",
            )
        ],
    ),
    (
        "The Riverside Post, citing two bankers, reported that the bank is for sale.",
        [
            (
                "the bank is for sale",
                "two bankers",
                "indirect",
                None,
                None,
                "Riverside Post",
                "reported",
            )
        ],
    ),
    (
        "The Riverside Post reported that the bank is for sale, citing two bankers.",
        [
            (
                "the bank is for sale",
                "two bankers",
                "indirect",
                None,
                None,
                "Riverside Post",
                "reported",
            )
        ],
    ),
    (
        "The mayor said that the bank is for sale, citing two bankers.",
        [
            (
                "the bank is for sale",
                "The mayor",
                "indirect",
                None,
                None,
                None,
                "said",
            )
        ],
    ),
    (
        "One fund manager said the sale was overdone. “I’ve seen worse,” the person said.",
        [
            ("the sale was overdone", "One fund manager", "indirect", None, None, None, "said"),
            ("I’ve seen worse", "One fund manager", "direct", None, None, None, "said"),
        ],
    ),
    (
        "A spokesman for the Department of Health, Yancy Bole, said it was too early.",
        [
            (
                "it was too early",
                "Yancy Bole",
                "indirect",
                "spokesman",
                "Department of Health",
                None,
                "said",
            )
        ],
    ),
]

# Nobody said it, nobody is quoted, or it is no statement.
NOTHING = [
    "Nora Quill announced a new timetable for the ferries.",
    "Nora Quill did not say the bridge was safe.",
    "Nora Quill never said that the bridge was safe.",
    "Nora Quill would say that the bridge was safe.",
    "Nora Quill refused to say whether the bridge was safe.",
    'The "bridge" was a plank.',
    'Nora Quill crossed the "Bridge of Hope" on Monday.',
    "The claims that the bridge was unsafe were false.",
    'Photo: "The bridge is safe," said Nora Quill.',
    "Nora Quill said nothing.",
    'On the "Morning Show," Nora Quill opened the bridge.',
    "Nora Quill could argue that the bridge was safe.",
    "Nora Quill did not say that the bridge was safe, and nobody asked her.",
    'A banner read "Welcome" in red paint, and the town band played.',
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [*QUOTATIONS, *PARAGRAPHS, *REPORTED, *ENDS, *FURTHER, *SPEAKERS, *CARRIED, *MORE],
)
def test_what_is_said_is_filed_under_who_said_it(text, expected):
    assert rows(text) == expected


@pytest.mark.parametrize("text", NOTHING)
def test_what_nobody_said_is_no_claim(text):
    assert rows(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Nora Quill said the bridge was safe, " * 5000,
        '"The bridge ' * 5000,
        "said" * 250_000,
        'Nora Quill said "' + "'" * 100_000,
    ],
    ids=["one sentence", "marks that open", "no blank", "apostrophes"],
)
def test_a_hostile_text_comes_to_an_end(text):
    extract(Article(text=text, language="en"))


def test_a_quotation_that_its_cue_splits_is_one_claim():
    text = '"I moved here for the parks," said Tomas Ruiz, a baker, "and nobody asked me."'
    (claim,) = extract(Article(text=text, language="en"))
    assert (claim.speaker.name, claim.kind, claim.text) == ("Tomas Ruiz", "direct", text[1:-1])


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        # She is whoever was the subject last, also behind a comma.
        (
            '"We take this seriously," Maria Tanaka told reporters. The regulator\'s spokeswoman, '
            'Ingrid Vale, denied that. "Every letter is answered," she said.',
            ["Maria Tanaka", "Ingrid Vale"],
        ),
        (
            '"It is a bluff," said Liu Feng, a spokesman. Economist Anna Brandt disagreed. '
            '"Markets are asleep," she said.',
            ["Liu Feng", "Anna Brandt"],
        ),
        # What somebody may say was not said.
        ("John Smith left on Monday. If he says no, the deal ends.", []),
    ],
)
def test_who_is_meant_and_whether_it_was_said(text, speakers):
    assert [c.speaker.name for c in extract(Article(text=text, language="en"))] == speakers


def test_a_paragraph_quotes_with_the_marks_that_it_opens_with():
    text = (
        "'It is late,' said Mina Ode, the mayor.\n\n'We knew,' said Alan Grey. 'We waited.'\n\n"
        "'Nobody came,' Ode said.\n\n'Why?' asked Grey.\n\n"
        "Ode was blunt. \"The 'experts' were wrong,\" she said."
    )
    said = [(c.speaker.name, c.text) for c in extract(Article(text=text, language="en"))]
    assert said == [
        ("Mina Ode", "It is late"),
        ("Alan Grey", "We knew"),
        ("Alan Grey", "We waited."),
        ("Mina Ode", "Nobody came"),
        ("Alan Grey", "Why?"),
        ("Mina Ode", "The 'experts' were wrong"),
    ]


@pytest.mark.parametrize(
    ("phrase", "name", "role", "organization"),
    [
        (
            "Nora Quill, a fellow at the Centre for Research on Bridges and Clean Water,",
            "Nora Quill",
            "fellow",
            "Centre for Research on Bridges and Clean Water",
        ),
        (
            "Nora Quill, an expert in river law at Easthaven University,",
            "Nora Quill",
            "expert in river law",
            "Easthaven University",
        ),
        (
            "Nora Quill, founder and chief executive of Orrin Bank,",
            "Nora Quill",
            "founder and chief executive",
            "Orrin Bank",
        ),
        (
            "Orrin Foods director and chief economist Nora Quill",
            "Nora Quill",
            "director and chief economist",
            "Orrin Foods",
        ),
        (
            "Royal Bank of Orrin chief economist Nora Quill",
            "Nora Quill",
            "chief economist",
            "Royal Bank of Orrin",
        ),
        (
            "Nora Quill, a State Department spokeswoman,",
            "Nora Quill",
            "spokeswoman",
            "State Department",
        ),
        ("One of the buyers, Nora Quill, 42, a baker from Leeds,", "Nora Quill", "baker", None),
        ("Swedish Prime Minister Nora Quill", "Nora Quill", "Prime Minister", "Sweden"),
        ("Nora Quill, a Swedish lawyer,", "Nora Quill", "lawyer", None),
        ("Nora Quill, a Leeds-based lawyer,", "Nora Quill", "lawyer", None),
        ("Rear Admiral Nora Quill", "Nora Quill", "Rear Admiral", None),
        ("Mechanical engineer Nora Quill", "Nora Quill", "Mechanical engineer", None),
        ("Nora Quill, 74, an Easthaven resident who saw it,", "Nora Quill", None, None),
        ("Rep. Nora Quill of the ruling Orrin Party", "Nora Quill", "Rep.", "Orrin Party"),
        ("Rep. Nora Quill of the main opposition Orrin Party", "Nora Quill", "Rep.", "Orrin Party"),
        ("Nora Quill, the elder sister of Ben Roe,", "Nora Quill", None, None),
        ("Det Ch Insp Nora Quill, of Orrin Police,", "Nora Quill", "Det Ch Insp", "Orrin Police"),
        ("Mr Roe's predecessor, Dame Nora Quill,", "Nora Quill", "predecessor", None),
    ],
)
def test_a_speaker_phrase_is_name_role_and_organization(phrase, name, role, organization):
    text = f"{phrase} said the plan to close the bridge was dead."
    (claim,) = extract(Article(text=text, language="en"))
    assert claim.text == "the plan to close the bridge was dead"
    assert (claim.speaker.name, claim.role, claim.organization) == (name, role, organization)


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        # Whom the page has by surname only, and who shares one.
        (
            'President Odu came late. Mr. Odu was tired. "It is over," he said.',
            ["Odu"],
        ),
        (
            'Mr. Ben Quill and Mrs. Nora Quill came. "It is over," Mrs. Quill said.',
            ["Nora Quill"],
        ),
        # With an initial and without one.
        (
            'Nora B. Quill came. Nora Quill was tired. "It is over," said Quill.',
            ["Nora B. Quill"],
        ),
        # A page's own words for somebody tell whether it is a man or a woman, and an age who.
        (
            'Tamasin Odu closed her shop. Mayor Ben Roe came. "It is over," she said.',
            ["Tamasin Odu"],
        ),
        ('Tamasin Odu, 44, agreed. "It is over," she said.', ["Tamasin Odu"]),
        # Whom only a surname and what she wrote present comes between.
        (
            '"It is late," hydrologist Nora Quill said. Odu, the study\'s lead author, disagreed. '
            '"It is over," she said.',
            ["Nora Quill", "Odu"],
        ),
    ],
)
def test_surnames_initials_and_words_for_women_and_men(text, speakers):
    found = extract(Article(text=text, language="en"), threshold=0.5)
    assert [claim.speaker.name for claim in found] == speakers


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (
            "Nora Quill, a baker, said the board plans to close.",
            [("Nora Quill", "the board plans to close")],
        ),
        (
            'The mayor said the U.S. "clearly" wants the bridge to stay open.',
            [("The mayor", 'the U.S. "clearly" wants the bridge to stay open')],
        ),
        (
            "The mayor said after a meeting on Monday that the bridge would close.",
            [("The mayor", "the bridge would close")],
        ),
        (
            "Said Nora Quill, who grew up nearby, “It was our bridge.”",
            [("Nora Quill", "It was our bridge.")],
        ),
        (
            'The mayor attacked the board, with which he had quarrelled, calling it "a club."',
            [("The mayor", 'it "a club."')],
        ),
        (
            "The bridge was, the mayor said, a bitter loss.",
            [("The mayor", "The bridge was, the mayor said, a bitter loss")],
        ),
        (
            "The mayor said the bridge would close, before changing his mind.",
            [("The mayor", "the bridge would close")],
        ),
        (
            "The mayor explained why the bridge would close.",
            [("The mayor", "why the bridge would close")],
        ),
        (
            "The mayor said in a statement carried by the Orrin Agency that it would close.",
            [("The mayor", "it would close")],
        ),
        (
            "“We will close it,” the mayor said.Nobody believed him.",
            [("The mayor", "We will close it")],
        ),
    ],
)
def test_where_what_was_said_begins_and_ends(text, claims):
    found = extract(Article(text=text, language="en"), threshold=0.5)
    assert [(claim.speaker.name.replace("the m", "The m"), claim.text) for claim in found] == claims


def test_the_turns_of_a_transcript_are_their_speakers():
    text = (
        "Nora Quill, the mayor of Easthaven, and Ben Roe of the harbor board met on Monday.\n\n"
        "QUILL: We closed the bridge because it was old. Nobody else wanted to decide.\n\n"
        'ROE: I said "never" for years, and I was wrong.\n\n'
        "MODERATOR: What will it cost the town?\n\n"
        "QUILL: More than we have."
    )
    found = extract(Article(text=text, language="en"))
    assert [(one.speaker.name, one.speaker.kind, one.text) for one in found] == [
        (
            "Nora Quill",
            "person",
            "We closed the bridge because it was old. Nobody else wanted to decide.",
        ),
        ("Ben Roe", "person", 'I said "never" for years, and I was wrong.'),
        ("Moderator", "anonymous", "What will it cost the town?"),
        ("Nora Quill", "person", "More than we have."),
    ]


def test_a_few_lines_with_colons_are_no_transcript():
    text = "NOTE: The bridge is closed.\n\nBRIDGES: All are old.\n\nThe mayor left.\n\nNobody came."
    assert extract(Article(text=text, language="en")) == ()
