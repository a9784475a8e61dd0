"""What an e-mail says beside the survey's own texts, and the page behind its way out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from surveys.wording import choose_language

_ENGLISH = {
    "subject": "{company}: how did it go?",
    "hello": "{company} would like to know how it went for you.",
    "tap": "Choose an answer. You can still change it on the page before it is saved.",
    "open": "Answer on the page",
    "not_shown": "If nothing can be chosen above, open this page: {link}",
    "why_you": "You get this e-mail because you are a customer of {company}.",
    "stop": "No more e-mails from {company}",
    "stop_link": "No more e-mails",
    "stop_title": "No more e-mails?",
    "stop_line": "{company} won't write to you about surveys any more. What you answered is kept.",
    "stop_do": "Stop these e-mails",
    "stop_not": "Go on with the survey",
    "stopped": "You won't get any more of these e-mails",
    "stopped_line": "{company} has noted it. You can close this page.",
    "stopped_do": "I didn't mean to: allow these e-mails",
    "confirm": "Confirm: {answer}",
}
_OTHERS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "subject": "{company}: Wie war es?",
        "hello": "{company} möchte gern wissen, wie es für Sie war.",
        "tap": "Wählen Sie eine Antwort. Auf der Seite können Sie sie noch ändern, bevor sie "
        "gespeichert wird.",
        "open": "Auf der Seite antworten",
        "not_shown": "Falls oben nichts auszuwählen ist, öffnen Sie diese Seite: {link}",
        "why_you": "Sie bekommen diese E-Mail, weil Sie Kundin oder Kunde von {company} sind.",
        "stop": "Keine E-Mails mehr von {company}",
        "stop_link": "Keine E-Mails mehr",
        "stop_title": "Keine E-Mails mehr?",
        "stop_line": "{company} schreibt Ihnen keine E-Mails zu Umfragen mehr. Ihre Antworten "
        "bleiben gespeichert.",
        "stop_do": "Keine E-Mails mehr schicken",
        "stop_not": "Weiter mit der Umfrage",
        "stopped": "Sie bekommen keine dieser E-Mails mehr",
        "stopped_line": "{company} hat es notiert. Sie können die Seite schließen.",
        "stopped_do": "Das war ein Versehen: E-Mails erlauben",
        "confirm": "Bestätigen: {answer}",
    },
    "es": {
        "subject": "{company}: ¿qué tal fue?",
        "hello": "A {company} le gustaría saber qué tal le fue.",
        "tap": "Elija una respuesta. En la página aún podrá cambiarla antes de que se guarde.",
        "open": "Responder en la página",
        "not_shown": "Si arriba no puede elegir nada, abra esta página: {link}",
        "why_you": "Recibe este correo porque es cliente de {company}.",
        "stop": "No recibir más correos de {company}",
        "stop_link": "No quiero más correos",
        "stop_title": "¿No quiere más correos?",
        "stop_line": "{company} no le escribirá más sobre encuestas. Lo que ya respondió se "
        "conserva.",
        "stop_do": "No recibir más correos",
        "stop_not": "Seguir con la encuesta",
        "stopped": "Ya no recibirá más correos de este tipo",
        "stopped_line": "{company} lo ha anotado. Puede cerrar esta página.",
        "stopped_do": "Fue sin querer: permitir los correos",
        "confirm": "Confirmar: {answer}",
    },
    "fr": {
        "subject": "{company} : comment cela s'est-il passé ?",
        "hello": "{company} aimerait savoir comment cela s'est passé pour vous.",
        "tap": "Choisissez une réponse. Vous pourrez encore la modifier sur la page avant qu'elle "
        "soit enregistrée.",
        "open": "Répondre sur la page",
        "not_shown": "Si vous ne pouvez rien choisir ci-dessus, ouvrez cette page : {link}",
        "why_you": "Vous recevez cet e-mail parce que vous êtes client de {company}.",
        "stop": "Ne plus recevoir d'e-mails de {company}",
        "stop_link": "Ne plus recevoir d'e-mails",
        "stop_title": "Ne plus recevoir d'e-mails ?",
        "stop_line": "{company} ne vous écrira plus pour des enquêtes. Vos réponses sont "
        "conservées.",
        "stop_do": "Arrêter ces e-mails",
        "stop_not": "Continuer l'enquête",
        "stopped": "Vous ne recevrez plus ces e-mails",
        "stopped_line": "{company} en a pris note. Vous pouvez fermer cette page.",
        "stopped_do": "C'était une erreur : autoriser ces e-mails",
        "confirm": "Confirmer : {answer}",
    },
    "it": {
        "subject": "{company}: com'è andata?",
        "hello": "{company} vorrebbe sapere com'è andata.",
        "tap": "Scelga una risposta. Potrà ancora cambiarla sulla pagina prima che sia salvata.",
        "open": "Rispondere sulla pagina",
        "not_shown": "Se qui sopra non può scegliere nulla, apra questa pagina: {link}",
        "why_you": "Riceve questa e-mail perché è cliente di {company}.",
        "stop": "Non ricevere più e-mail da {company}",
        "stop_link": "Non voglio più e-mail",
        "stop_title": "Non vuole più e-mail?",
        "stop_line": "{company} non le scriverà più per i sondaggi. Ciò che ha già risposto resta "
        "salvato.",
        "stop_do": "Non ricevere più queste e-mail",
        "stop_not": "Continuare il sondaggio",
        "stopped": "Non riceverà più queste e-mail",
        "stopped_line": "{company} ne ha preso nota. Può chiudere questa pagina.",
        "stopped_do": "È stato un errore: consentire queste e-mail",
        "confirm": "Confermare: {answer}",
    },
    "pt": {
        "subject": "{company}: como correu?",
        "hello": "{company} gostaria de saber como correu.",
        "tap": "Escolha uma resposta. Na página ainda a pode mudar antes de ser guardada.",
        "open": "Responder na página",
        "not_shown": "Se acima não puder escolher nada, abra esta página: {link}",
        "why_you": "Recebe este e-mail porque é cliente de {company}.",
        "stop": "Não receber mais e-mails de {company}",
        "stop_link": "Não quero mais e-mails",
        "stop_title": "Não quer mais e-mails?",
        "stop_line": "{company} não lhe escreve mais sobre inquéritos. O que já respondeu fica "
        "guardado.",
        "stop_do": "Não receber mais estes e-mails",
        "stop_not": "Continuar o inquérito",
        "stopped": "Não vai receber mais estes e-mails",
        "stopped_line": "{company} tomou nota. Pode fechar esta página.",
        "stopped_do": "Foi sem querer: permitir estes e-mails",
        "confirm": "Confirmar: {answer}",
    },
}
_TABLES: Mapping[str, Mapping[str, str]] = {
    "en": MappingProxyType(_ENGLISH),
    **{tag: MappingProxyType({**_ENGLISH, **table}) for tag, table in _OTHERS.items()},
}
LANGUAGES = tuple(_TABLES)


def letter_words(language: str | None) -> Mapping[str, str]:
    """An e-mail's own words; English where a language isn't written yet."""
    return _TABLES[choose_language(language, LANGUAGES)]
