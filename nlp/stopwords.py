"""Words that say nothing of a subject, in the six languages that customers answer in."""

from __future__ import annotations

_ENGLISH = """
a about above actually after again all almost already also although always am an and any are
aren't as at away back be because been before being both but by came can can't cannot come could
couldn't did didn't do does doesn't doing don't done down due during each either else enough even
ever every few first for from get gets getting give given go goes going gone good got had hadn't
has hasn't have haven't having he her here hers him his how however i i'd i'll i'm i've if in
instead into is isn't it it's its itself just keep kept last least less let like lot made make
many may maybe me might mine more most much must my myself need never next no nobody none nor not
nothing now of off often oh ok okay on once one only onto or other our ours out over own per
perhaps please put quite rather really said same saw say see seem seems shall she should since so
some something soon still such sure take than thank thanks that that's the their them then there
there's these they they're thing things think this those though three through till to today
together told too took try two under until up upon us use used using very want was wasn't way we
we're we've well went were weren't what when where whether which while who whole whom whose why
will with within without won't would wouldn't yes yet you you're your yours
"""
_GERMAN = """
aber alle allem alles als also am an auch auf aus bei beim bin bis bist da damit dann das dass dem
den denn der des dich die dies diese dieser dieses dir doch du durch ein eine einem einen einer
eines er es etwas euch für gar gibt habe haben hat hatte hatten hier ich ihm ihn ihnen ihr ihre
ihrem ihren im immer in ins ist ja jede jeder jedes jetzt kann kein keine keinen kommt machen man
mehr mein meine meinem meinen meiner mich mir mit muss nach nicht nichts noch nun nur ob oder ohne
schon sehr sein seine sich sie sind so sogar über um und uns unser unsere unter viel vom von vor
war waren warum was weil wenn wer werden wie wieder will wir wird wo wurde zu zum zur
"""
_FRENCH = """
ai ainsi alors après au aucun aussi autre aux avait avant avec avez avoir avons bien ce cela ces
cet cette ceux chez comme dans de depuis des donc dont du elle elles en encore est et était été
être eu eux fait faire il ils j'ai je jamais la le les leur leurs lui ma mais même merci mes moi
mon ne ni nos notre nous on ont ou où par pas peu plus pour pourquoi qu'il qu'on quand que qui
rien sa sans se ses si son sont sous sur ta te tes toi ton toujours tous tout toute très trop tu
un une vos votre vous y c'est n'est d'un d'une
"""
_SPANISH = """
aún al algo ahora antes aquí así bien cada como con cuando de del desde donde dos el ella ellos en
entre era eran es esa ese eso esta está están este esto estos fue fueron gracias ha había hace
hacer han hasta hay he la las le les lo los más me mi mis mucho muy nada ni no nos nosotros nunca
o para pero poco por porque que qué quien se sea ser si sí sido sin sobre son su sus también tan
te tiene todo todos tu un una uno unos y ya yo
"""
_ITALIAN = """
abbiamo ai al alla alle anche ancora avere aveva bene che chi ci come con cosa così da dal dalla
degli dei del della delle di dopo dove due e è ed era erano essere fa fare fatto già gli grazie ha
hanno ho i il in io la le lei li lo loro lui ma mai me mi mia mio molto ne nei nel nella niente
noi non nulla o ogni per perché però più poco poi prima quando quella quello questa questo qui se
sei sempre senza si sia siamo sono sta stata stato su sua sul sulla suo te ti tra tu tutti tutto
un una uno vi voi
"""
_PORTUGUESE = """
agora ainda antes ao aos aqui as até bem cada com como da das de depois do dos e ela ele eles em
entre era essa esse esta está estava este eu fazer fez foi foram há isso isto já lhe mais mas me
mesmo meu minha muito na nada nas nem no nos nós nossa nosso nunca o obrigado os ou para pela pelo
por porque qual quando que quem são se sem sempre ser seu sua só também te tem ter tinha todo
todos tudo um uma você vocês
"""

_LISTS = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "it": _ITALIAN,
    "pt": _PORTUGUESE,
}

STOP_WORDS_OF = {code: frozenset(words.split()) for code, words in _LISTS.items()}
"""By language code; a word may stand in several."""
STOP_WORDS = frozenset[str]().union(*STOP_WORDS_OF.values())
