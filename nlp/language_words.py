"""Words that tell a language: its commonest, and those that customers answer with.

A word may stand in several lists: "lento" speaks for Spanish, Italian and Portuguese alike. The six
languages of `nlp.stopwords` have its words besides; of their neighbours, a short list keeps them
apart from the six.
"""

from __future__ import annotations

from nlp.stopwords import STOP_WORDS_OF

_REPLIES = {
    "en": """
good great nice lovely amazing excellent brilliant awesome fantastic perfect wonderful happy pleased
helpful friendly polite kind caring rude bad poor terrible awful horrible worst best better worse
slow fast quick quickly late early delivery delivered parcel package order ordered product quality
price prices expensive cheap value money staff service customer support team driver website app site
checkout payment refund return email phone call waiting waited wait queue time hours days weeks
appointment easy hard difficult broken damaged missing wrong arrived thank thanks love loved like
liked hate disappointed disappointing recommend works worked working clean dirty food room doctor
nurse bus train flight hotel shop store care everything everyone somebody didn't couldn't won't fine
alright okay
""",
    "es": """
gracias muchas buen bueno buena buenos buenas malo mala malas excelente perfecto perfecta genial
estupendo fantástico horrible pésimo pésima fatal mejor peor lento lenta rápido rápida caro cara
barato precio calidad servicio atención personal amable amables simpático simpáticos trato pedido
paquete entrega envío llegó llegado tarde temprano espera esperando hora horas días semana dinero
tienda producto cliente llamada teléfono correo devolución dinero comida habitación médico médica
encantado encantada encanta recomiendo recomendable vale bastante demasiado demasiada siempre hoy
ayer mañana buenísimo buenísima feliz triste quiero puede pueden hecho estoy soy eres somos tengo
""",
    "fr": """
merci bon bonne bons bonnes mauvais mauvaise excellent excellente parfait parfaite génial géniale
super nul nulle horrible affreux pire meilleur mieux lent lente rapide rapidement cher chère prix
qualité service accueil personnel aimable gentil gentille sympa agréable commande colis livraison
livré reçu arrivé retard attente attendre heure heures jours semaine semaines argent magasin produit
client appel téléphone courriel remboursement repas chambre médecin déçu déçue content contente ravi
ravie satisfait satisfaite recommande aime adore beaucoup vraiment assez rien oui non aujourd'hui
hier demain bravo toutes cette j'aime c'était qu'est suis êtes sommes peut peux veux dommage
""",
    "de": """
danke dank vielen gut gute guter gutes schlecht schlechte schlechter super toll spitze klasse prima
perfekt ausgezeichnet hervorragend schrecklich furchtbar besser beste besten langsam schnell teuer
günstig billig preis preise qualität bedienung freundlich freundliche freundliches nett nette
höflich unfreundlich bestellung paket lieferung geliefert angekommen spät pünktlich wartezeit
warten gewartet stunde stunden tage tagen woche wochen geld laden produkt kunde kunden anruf telefon
rückerstattung essen zimmer arzt ärztin enttäuscht zufrieden empfehlen empfehle gern gerne leider
nein heute gestern morgen bitte alles nichts niemand ganz einfach jemand deutsch keiner richtig
""",
    "it": """
grazie buono buona buoni buone ottimo ottima ottimi eccellente perfetto perfetta pessimo pessima
cattivo brutto male meglio peggio lento lenta lenti veloce velocissimo caro cara economico prezzo
prezzi qualità servizio accoglienza personale gentile gentili gentilissimi cortese simpatico ordine
pacco consegna spedizione arrivato arrivata ritardo attesa aspettare ora ore giorni settimana
settimane soldi negozio prodotto cliente clienti chiamata telefono rimborso cibo camera medico
deluso delusa contento contenta soddisfatto consiglio consigliato bello bella bravi bravissimi oggi
ieri domani davvero proprio troppo troppa sì c'è dell'ordine l'app un'ora nessuno qualcosa piace
""",
    "pt": """
obrigado obrigada bom boa bons boas ótimo ótima ótimos excelente perfeito perfeita péssimo péssima
ruim mau má horrível melhor pior lento lenta rápido rápida caro cara barato preço preços qualidade
serviço atendimento pessoal funcionários simpático simpáticos atencioso pedido encomenda pacote
entrega envio chegou chegar atraso atrasado espera esperar hora horas dias semana semanas dinheiro
loja produto cliente ligação telefone reembolso devolução comida quarto médico médica decepcionado
satisfeito satisfeita recomendo adorei gostei amei gosto bastante demais demasiado sim não hoje
ontem amanhã vou tô estou sou somos tenho pra pro vc certo nenhum ninguém feliz fiquei aplicativo
""",
}
_NEIGHBOURS = {
    "nl": """
het een de en van ik niet dat is met voor op zijn ook maar nog wel heel goed goede slecht slechte
bedankt dank veel te mijn werd was geen naar bij aan er prima fijn snel duur vriendelijk niemand
""",
    "ca": """
el la els les i amb molt molta moltes bé bo bona dolent gràcies és són no va tot res per què però
ningú hem he ha més massa aquest aquesta al del en un una des fins car
""",
    "ro": """
și nu este sunt foarte bine bun bună rău mulțumesc a am ai au cu de la în pe mai tot nimic nimeni
pentru că dar sau prea un o din fost rece scump
""",
    "sv": """
och att det är inte en ett jag på som för med av till den har mycket bra dålig tack väldigt alltid
aldrig ingen allt men var helt trevlig
""",
    "da": """
og at det er ikke en et jeg på som for med af til den har meget godt god dårlig tak altid aldrig
ingen alt men var helt venlig fik
""",
    "no": """
og at det er ikke en et jeg på som for med av til den har veldig bra god dårlig takk alltid aldri
ingen alt men var helt hyggelig fikk
""",
    "pl": """
i w nie na się z do to jest że bardzo dobrze dobra dobry zły dziękuję za po jak ale wszystko nic
nikt był była było tak polecam od już
""",
    "tr": """
ve bir bu çok iyi kötü teşekkürler teşekkür da de için ile ama değil yok var hiç daha her gibi
ürün geç güzel berbat
""",
}

WORDS_OF = {
    **{code: STOP_WORDS_OF[code] | frozenset(words.split()) for code, words in _REPLIES.items()},
    **{code: frozenset(words.split()) for code, words in _NEIGHBOURS.items()},
}
"""Lower-case words by language code, with straight apostrophes."""
