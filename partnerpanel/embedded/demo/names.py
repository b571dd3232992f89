"""Countries of the demo's customers: names as people there have them, firms as people there call them."""

from __future__ import annotations

from partnerpanel.embedded.demo.shapes import Country


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", " ").split(","))


GERMAN_GIVEN = _words(
    """Anna, Lukas, Marie, Felix, Sophie, Paul, Johanna, Maximilian, Clara, Jakob, Frieda, Emil, Greta, Moritz, Ida,
    Anton, Mathilda, Oskar, Elif, Mehmet, Zeynep, Tobias, Sabine, Jürgen, Renate, Wolfgang, Ute, Holger, Birgit,
    Rainer, Käthe, Sören, Nadja, Timo, Wiebke, Hannes, Annika, Björn, Carolin, Dirk"""
)
GERMAN_FAMILY = _words(
    """Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, Schäfer, Koch, Bauer,
    Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Zimmermann, Braun, Krüger, Hofmann, Hartmann, Lange, Krause,
    Lehmann, Köhler, Herrmann, König, Walter, Maier, Huber, Kaiser, Fuchs, Yılmaz, Kaya, Weiß, Groß, Jansen,
    Petersen, Lindner, Vogt"""
)

GERMANY = Country(
    code="DE",
    timezone="Europe/Berlin",
    locale="de",
    currency="EUR",
    weight=64,
    given=GERMAN_GIVEN,
    family=GERMAN_FAMILY,
    firms=_words(
        """Tischlerei {}, Bäckerei {}, {} & Söhne Dachdecker, Praxis Dr. {}, Weingut {}, Fahrschule {}, {}
        Elektrotechnik, Buchhandlung {}, Steuerkanzlei {}, Gärtnerei {}, Kita Villa {}, Autohaus {}, {} Immobilien,
        Café {}"""
    ),
)
AUSTRIA = Country(
    code="AT",
    timezone="Europe/Vienna",
    locale="de",
    currency="EUR",
    weight=14,
    given=GERMAN_GIVEN,
    family=_words(
        """Gruber, Huber, Bauer, Wagner, Pichler, Steiner, Moser, Mayer, Hofer, Leitner, Berger, Fuchs, Eder, Fischer,
        Schwarz, Winkler, Reiter, Brunner, Lang, Baumgartner, Auer, Binder, Lechner, Wolf, Wimmer, Egger"""
    ),
    firms=_words("Gasthof {}, Tischlerei {}, Skischule {}, Konditorei {}, Kanzlei {}, Ordination Dr. {}"),
)
SWITZERLAND = Country(
    code="CH",
    timezone="Europe/Zurich",
    locale="de",
    currency="CHF",
    weight=13,
    given=_words(
        """Reto, Urs, Beat, Ursina, Noemi, Luca, Livia, Gian, Flurina, Jonas, Seraina, Matteo, Chiara, Nils, Corinne,
        Pascal, Céline, Yves, Sandrine, Marco"""
    ),
    family=_words(
        """Müller, Meier, Keller, Weber, Frei, Zürcher, Baumann, Graf, Brunner, Roth, Gerber, Bianchi, Favre, Rochat,
        Amstutz, Caduff, Bünzli, Ammann, Odermatt, Zgraggen"""
    ),
    firms=_words("Schreinerei {}, {} Treuhand AG, Bergbahnen {}, Atelier {}, Garage {}"),
)
POLAND = Country(
    code="PL",
    timezone="Europe/Warsaw",
    locale="en",
    currency="PLN",
    weight=9,
    given=_words("Agnieszka, Piotr, Zofia, Tomasz, Łukasz, Małgorzata, Paweł, Katarzyna, Jakub, Hanna, Grzegorz, Ewa"),
    family=_words("Nowak, Kowalczyk, Wójcik, Kamińska, Lewandowski, Zielińska, Szymański, Woźniak, Dąbrowska, Mazur"),
    firms=_words("Piekarnia {}, Kancelaria {}, Studio {}"),
)
UNITED_STATES = Country(
    code="US",
    timezone="America/Denver",
    locale="en",
    currency="USD",
    weight=74,
    given=_words(
        """James, Mary, Robert, Patricia, Michael, Linda, David, Elizabeth, William, Barbara, Jessica, Thomas, Sarah,
        Daniel, Karen, Matthew, Nancy, Anthony, Lisa, Mark, Betty, Andre, Keisha, DeShawn, Guadalupe, Luis, Mei,
        Hannah, Tyler, Savannah, Wyatt, Brooke, Logan, Autumn, Cody, Yolanda, Omar, Fatima, Ruth, Eli"""
    ),
    family=_words(
        """Smith, Johnson, Williams, Brown, Jones, Garcia, Miller, Davis, Rodriguez, Martinez, Anderson, Taylor,
        Thomas, Moore, Jackson, Lee, Perez, Thompson, White, Harris, Sanchez, Clark, Ramirez, Lewis, Robinson,
        Walker, Young, Begay, Nguyen, Flores, Green, Adams, Nelson, Baker, Hall, O'Brien, Kowalski, Schwartz, Olsen,
        Patel, Kim"""
    ),
    firms=_words(
        """{} Plumbing, {} Family Dental, {} & Sons Roofing, Law Office of {}, {}'s Diner, {} Auto Repair, {}
        Veterinary Clinic, {} Realty, {} Outfitters, {} Bakery, {} Heating and Air, {} Insurance Agency"""
    ),
)
CANADA = Country(
    code="CA",
    timezone="America/Toronto",
    locale="en",
    currency="CAD",
    weight=16,
    given=_words("Liam, Olivia, Noah, Emma, Étienne, Chloé, Gabriel, Maude, Ethan, Ava, Félix, Priya, Aiden, Zoë"),
    family=_words("Tremblay, Gagnon, Roy, Côté, MacDonald, Campbell, Singh, Bouchard, Wilson, Chan, Fraser, Lavoie"),
    firms=_words("Clinique {}, {} Hardware, Boulangerie {}, {} Marine"),
)
MEXICO = Country(
    code="MX",
    timezone="America/Mexico_City",
    locale="en",
    currency="MXN",
    weight=10,
    given=_words("José, María, Juan, Guadalupe, Alejandro, Ximena, Santiago, Valeria, Emiliano, Renata, Íñigo, Lucía"),
    family=_words("Hernández, García, Martínez, López, González, Pérez, Sánchez, Ramírez, Cruz, Muñoz, Ibáñez, Núñez"),
    firms=_words("Taquería {}, Despacho {}, Ferretería {}"),
)
JAPAN = Country(
    code="JP",
    timezone="Asia/Tokyo",
    locale="en",
    currency="JPY",
    weight=78,
    given=_words(
        """Haruto, Yui, Sōta, Hina, Ren, Aoi, Yūto, Sakura, Riku, Mio, Kaito, Rin, Hiroshi, Keiko, Takashi, Yoshiko,
        Kenji, Sachiko, Makoto, Noriko, Shō, Ayaka, Daisuke, Misaki, Kōhei, Chihiro, Tsubasa, Nanami, Jun, Emi"""
    ),
    family=_words(
        """Satō, Suzuki, Takahashi, Tanaka, Itō, Watanabe, Yamamoto, Nakamura, Kobayashi, Katō, Yoshida, Yamada,
        Sasaki, Yamaguchi, Matsumoto, Inoue, Kimura, Hayashi, Shimizu, Saitō, Mori, Abe, Ikeda, Hashimoto, Ishikawa,
        Ogawa, Gotō, Hasegawa, Murakami, Kondō"""
    ),
    family_first=True,
)
KOREA = Country(
    code="KR",
    timezone="Asia/Seoul",
    locale="en",
    currency="KRW",
    weight=13,
    given=_words(
        "Min-jun, Seo-yeon, Ji-ho, Ha-eun, Do-yun, Su-bin, Hyun-woo, Ye-jin, Jae-won, Na-rae, Tae-yang, Eun-ji"
    ),
    family=_words("Kim, Lee, Park, Choi, Jung, Kang, Cho, Yoon, Jang, Lim, Han, Oh, Seo, Shin, Kwon"),
    family_first=True,
)
SINGAPORE = Country(
    code="SG",
    timezone="Asia/Singapore",
    locale="en",
    currency="SGD",
    weight=9,
    given=_words("Wei Ling, Jun Hao, Aisyah, Arjun, Hui Min, Siti, Kavitha, Zhi Wei, Nurul, Marcus, Rachel, Harish"),
    family=_words("Tan, Lim, Lee, Ng, Wong, Chua, Goh, Rahman, Pillai, Menon, Teo, Koh"),
)
