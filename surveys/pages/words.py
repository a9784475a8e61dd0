"""What the survey page itself says, by language; the survey's own texts come from its version."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from surveys.wording import choose_language

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "yi", "dv", "ckb", "sd", "ug"})

_ENGLISH = {
    "next": "Next",
    "skip": "Skip this question",
    "back": "Back",
    "change": "Change my answers",
    "saved": "Each answer is saved as you give it.",
    "position": "Question {place} of {total}",
    "position_at_most": "Question {place} of at most {total}",
    "error_title": "Please check:",
    "thanks": "Thank you",
    "thanks_done": "Your answers are saved. You can close this page.",
    "gone": "This survey has ended",
    "gone_kept": "The answers you already gave are kept. Thank you.",
    "gone_none": "It was open for a while, and that time is over. There is nothing you need to do.",
    "stop_link": "No more text messages",
    "stop": "No more text messages?",
    "stop_line": "{company} won't text you any more. What you answered is kept.",
    "stop_do": "Stop text messages",
    "stop_not": "Go on with the survey",
    "stopped": "You won't get any more text messages",
    "stopped_line": "{company} has noted it. You can close this page.",
    "stopped_do": "I didn't mean to: allow text messages",
    "missing": "We can't find this survey",
    "missing_mend": "The link may have been cut short. Please open it again from the message you "
    "received.",
    "missing_calm": "Nothing you answered before was lost.",
}
_OTHERS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "next": "Siguiente",
        "skip": "Omitir esta pregunta",
        "back": "Atrás",
        "change": "Cambiar mis respuestas",
        "saved": "Cada respuesta se guarda al darla.",
        "position": "Pregunta {place} de {total}",
        "position_at_most": "Pregunta {place} de {total} como máximo",
        "error_title": "Por favor, revise:",
        "stop_link": "No quiero más SMS",
        "stop": "¿No quiere más SMS?",
        "stop_line": "{company} no le enviará más SMS. Lo que ya respondió se conserva.",
        "stop_do": "No recibir más SMS",
        "stop_not": "Seguir con la encuesta",
        "stopped": "Ya no recibirá más SMS",
        "stopped_line": "{company} lo ha anotado. Puede cerrar esta página.",
        "stopped_do": "Fue sin querer: permitir los SMS",
        "thanks": "Gracias",
        "thanks_done": "Sus respuestas están guardadas. Puede cerrar esta página.",
        "gone": "Esta encuesta ha terminado",
        "gone_kept": "Guardamos las respuestas que ya dio. Gracias.",
        "gone_none": "Estuvo abierta un tiempo y ese plazo ha pasado. No tiene que hacer nada.",
    },
    "fr": {
        "next": "Suivant",
        "skip": "Passer cette question",
        "back": "Retour",
        "change": "Modifier mes réponses",
        "saved": "Chaque réponse est enregistrée dès que vous la donnez.",
        "position": "Question {place} sur {total}",
        "position_at_most": "Question {place} sur {total} au plus",
        "error_title": "À vérifier :",
        "stop_link": "Ne plus recevoir de SMS",
        "stop": "Ne plus recevoir de SMS ?",
        "stop_line": "{company} ne vous enverra plus de SMS. Vos réponses sont conservées.",
        "stop_do": "Arrêter les SMS",
        "stop_not": "Continuer l'enquête",
        "stopped": "Vous ne recevrez plus de SMS",
        "stopped_line": "{company} en a pris note. Vous pouvez fermer cette page.",
        "stopped_do": "C'était une erreur : autoriser les SMS",
        "thanks": "Merci",
        "thanks_done": "Vos réponses sont enregistrées. Vous pouvez fermer cette page.",
        "gone": "Cette enquête est terminée",
        "gone_kept": "Les réponses déjà données sont conservées. Merci.",
        "gone_none": "Elle est restée ouverte un temps, et ce temps est passé. Vous n'avez rien "
        "à faire.",
    },
    "de": {
        "next": "Weiter",
        "skip": "Frage überspringen",
        "back": "Zurück",
        "change": "Antworten ändern",
        "saved": "Jede Antwort wird sofort gespeichert.",
        "position": "Frage {place} von {total}",
        "position_at_most": "Frage {place} von höchstens {total}",
        "error_title": "Bitte prüfen:",
        "stop_link": "Keine SMS mehr",
        "stop": "Keine SMS mehr?",
        "stop_line": "{company} schickt Ihnen keine SMS mehr. Ihre Antworten bleiben gespeichert.",
        "stop_do": "Keine SMS mehr schicken",
        "stop_not": "Weiter mit der Umfrage",
        "stopped": "Sie bekommen keine SMS mehr",
        "stopped_line": "{company} hat es notiert. Sie können die Seite schließen.",
        "stopped_do": "Das war ein Versehen: SMS erlauben",
        "thanks": "Vielen Dank",
        "thanks_done": "Ihre Antworten sind gespeichert. Sie können die Seite schließen.",
        "gone": "Diese Umfrage ist beendet",
        "gone_kept": "Ihre bisherigen Antworten bleiben gespeichert. Vielen Dank.",
        "gone_none": "Sie war eine Weile offen, diese Zeit ist vorbei. Sie müssen nichts tun.",
    },
}
_TABLES: Mapping[str, Mapping[str, str]] = {
    "en": MappingProxyType(_ENGLISH),
    **{tag: MappingProxyType({**_ENGLISH, **table}) for tag, table in _OTHERS.items()},
}
_LANGUAGES = tuple(_TABLES)


def words_for(language: str | None) -> Mapping[str, str]:
    """The page's own words; English where a language isn't written yet."""
    return _TABLES[choose_language(language, _LANGUAGES)]


def direction(language: str) -> str:
    """`rtl` for the scripts that run from right to left, else `ltr`."""
    return "rtl" if language.split("-", maxsplit=1)[0].lower() in RIGHT_TO_LEFT else "ltr"
