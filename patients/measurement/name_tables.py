"""Names of the generated population, by language: the commonest first. Data only; any likeness is chance.

"Latin|native" gives both scripts. SHORT_FORMS is on purpose another table than the matcher's, which lacks some of it.
"""

FEMALE = {
    "en": """Mary Jennifer Linda Patricia Elizabeth Susan Jessica Sarah Karen Lisa Nancy Emily Ashley Margaret
        Sandra Kimberly Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Laura Sharon Cynthia Amy
        Kathleen Angela Shirley Anna Brenda Emma Pamela Nicole Samantha Katherine Christine Helen Rachel Olivia
        Grace Victoria Julia Hannah Lauren Joan Megan Abigail Alexandra Danielle Diana Ella Eleanor Lily Mia
        Molly Zoe Charlotte""",
    "de": """Anna Maria Sabine Petra Monika Katharina Julia Claudia Andrea Christina Susanne Ursula Lena Laura
        Sarah Stefanie Nicole Birgit Renate Karin Ingrid Brigitte Martina Franziska Johanna Elisabeth Heike
        Gabriele Angelika Barbara Emma Hanna Sophie Marie Lea Leonie Clara Marlene Magdalena Verena Jana Jasmin
        Ulrike Gertrud Jutta Silke Anke Antje Frieda Greta Ida Mathilda Käthe Grete Sigrid Helga Veronika
        Theresa Bärbel Änne""",
    "es": """María Carmen Ana Isabel Dolores Pilar Teresa Rosa Cristina Francisca Laura Antonia Mercedes Luisa
        Marta Lucía Elena Paula Sara Raquel Beatriz Rocío Manuela Julia Concepción Patricia Silvia Irene Alba
        Nuria Andrea Montserrat Rosario Encarnación Inés Sofía Daniela Carla Martina Noelia Lorena Yolanda Eva
        Gloria Guadalupe Begoña Josefa Amparo Esther Mónica""",
    "fr": """Marie Nathalie Isabelle Sylvie Catherine Françoise Valérie Christine Céline Sandrine Stéphanie
        Véronique Sophie Chloé Camille Léa Manon Émilie Julie Aurélie Pauline Hélène Élise Juliette Margaux
        Anaïs Geneviève Odile Brigitte Monique""",
    "tr": """Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Sultan Zehra Hanife Merve Büşra Özlem Gülay
        Tuğba Gamze Esra Ebru Çiğdem""",
    "pl": """Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Elżbieta Magdalena Joanna Zofia
        Monika Danuta Aleksandra Jadwiga Karolina Grażyna Bożena Wiesława""",
    "no": """Anne Inger Kari Marit Ingrid Liv Eva Berit Astrid Bjørg Solveig Randi Åse Sigrid Gøril Käthe
        Märta Ida Nora Ingeborg Sørine Hanne""",
    "el": """Maria|Μαρία Eleni|Ελένη Katerina|Κατερίνα Vasiliki|Βασιλική Sofia|Σοφία Georgia|Γεωργία
        Anastasia|Αναστασία Dimitra|Δήμητρα Ioanna|Ιωάννα Eirini|Ειρήνη Paraskevi|Παρασκευή Christina|Χριστίνα""",
    "ru": """Elena|Елена Olga|Ольга Natalia|Наталья Tatiana|Татьяна Irina|Ирина Svetlana|Светлана Yulia|Юлия
        Anna|Анна Ekaterina|Екатерина Maria|Мария Ludmila|Людмила Anastasia|Анастасия Evgenia|Евгения
        Daria|Дарья""",
    "ko": """Ji-woo|지우 Seo-yeon|서연 Min-seo|민서 Ha-eun|하은 Soo-min|수민 Ye-jin|예진 Eun-ji|은지
        Hye-jin|혜진 Mi-kyung|미경 Yoon-ah|윤아 Da-hye|다혜 Chae-won|채원""",
}

MALE = {
    "en": """James Robert John Michael David William Richard Joseph Thomas Christopher Charles Daniel Matthew
        Anthony Mark Donald Steven Andrew Paul Joshua Kenneth Kevin Brian Timothy Ronald George Jason Edward
        Jeffrey Ryan Jacob Nicholas Gary Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel
        Gregory Alexander Patrick Frank Raymond Jack Dennis Jerry Tyler Aaron Adam Nathan Henry Zachary Peter
        Kyle Noah Ethan""",
    "de": """Peter Michael Thomas Andreas Wolfgang Klaus Jürgen Günter Stefan Christian Uwe Werner Horst Frank
        Dieter Manfred Gerhard Hans Bernd Thorsten Matthias Helmut Walter Heinz Martin Jörg Rolf Jens Sven
        Alexander Jan Rainer Holger Karl Dirk Joachim Ralf Carsten Herbert Oliver Wilhelm Kurt Markus Heinrich
        Harald Paul Hermann Björn Johannes Florian Felix Lukas Maximilian Moritz Jonas Leon Julian Götz Söhnke
        Tobias""",
    "es": """Antonio José Manuel Francisco Juan David Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pedro
        Pablo Ángel Sergio Fernando Jorge Luis Alberto Álvaro Diego Adrián Raúl Enrique Ramón Vicente Iván
        Rubén Óscar Andrés Joaquín Santiago Eduardo Víctor Mario Roberto Ignacio Salvador Hugo Martín Nicolás
        Gonzalo Guillermo""",
    "fr": """Jean Michel Philippe Pierre Alain Patrick Nicolas Christophe Daniel Bernard Frédéric Laurent
        Stéphane Éric Julien David Thierry Olivier Sébastien François Jérôme Rémi Loïc Benoît Théo Hugo Gaël
        Étienne Noël Raphaël""",
    "tr": """Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim İsmail Osman Yusuf Murat Ömer Ramazan Halil
        Süleyman Gökhan Çağlar Uğur Özgür Yiğit""",
    "pl": """Jan Andrzej Piotr Krzysztof Stanisław Tomasz Paweł Józef Marcin Marek Michał Grzegorz Jerzy
        Tadeusz Adam Łukasz Zbigniew Ryszard Dariusz Wojciech""",
    "no": """Jan Per Bjørn Ole Lars Kjell Knut Svein Arne Geir Jørgen Øyvind Håkon Søren Åge Pål Torbjørn
        Håvard Göran Gøran Morten Rasmus""",
    "el": """Georgios|Γεώργιος Dimitris|Δημήτρης Konstantinos|Κωνσταντίνος Ioannis|Ιωάννης Nikos|Νίκος
        Panagiotis|Παναγιώτης Christos|Χρήστος Vasilis|Βασίλης Athanasios|Αθανάσιος Evangelos|Ευάγγελος
        Michalis|Μιχάλης Spyros|Σπύρος""",
    "ru": """Alexander|Александр Sergey|Сергей Vladimir|Владимир Andrey|Андрей Alexey|Алексей Dmitry|Дмитрий
        Nikolay|Николай Ivan|Иван Mikhail|Михаил Yuri|Юрий Evgeny|Евгений Igor|Игорь Oleg|Олег Pavel|Павел""",
    "ko": """Min-jun|민준 Seo-jun|서준 Ji-hoon|지훈 Hyun-woo|현우 Sung-min|성민 Dong-hyun|동현 Jae-won|재원
        Young-soo|영수 Jun-ho|준호 Tae-yang|태양 Kyung-ho|경호 Sang-woo|상우""",
}

SURNAMES = {
    "en": """Smith Johnson Williams Brown Jones Garcia Miller Davis Wilson Anderson Taylor Thomas Moore
        Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill
        Green Adams Nelson Baker Hall Campbell Mitchell Carter Roberts Phillips Evans Turner Parker Collins
        Edwards Stewart Morris Murphy Cook Rogers Morgan Cooper Peterson Reed Bailey Bell Kelly Howard Ward Cox
        Richardson Wood Watson Brooks Bennett Gray Hughes Price Myers Foster Sanders Ross Powell Sullivan
        Russell Fisher Henderson Cole West Jordan Reynolds Graham O'Brien O'Connor MacDonald McCarthy
        Fitzgerald Blackwood Harrington Wetherby Ashworth Pemberton Winslow""",
    "de": """Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer
        Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt
        Werner Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs
        Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler
        Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher
        Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Dietrich Ziegler
        Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer von~Berg von~der~Heide zu~Reichenau
        Größmann Prüfer Strößner""",
    "es": """García González Rodríguez Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz
        Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil
        Ramírez Serrano Blanco Molina Morales Suárez Ortega Delgado Castro Ortiz Rubio Marín Sanz Núñez
        Iglesias Medina Garrido Cortés Castillo Santos Lozano Guerrero Cano Prieto Méndez Cruz Calvo Gallego
        Vidal León Herrera Márquez Peña Cabrera de~la~Cruz de~la~Fuente del~Río Ibáñez Ordóñez""",
    "fr": """Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre
        Michel Garcia David Bertrand Roux Vincent Fournier Morel Girard André Lefèvre Mercier Dupont Lambert
        Bonnet François Martinez Legrand Garnier Faure Rousseau Blanc Guérin Müller Henry Roussel Nicolas
        Perrin Morin Mathieu Clément Gauthier Dumont López Fontaine Chevalier Robin Masson de~la~Tour du~Pré""",
    "tr": """Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin
        Kara Koç Kurt Özkan Şimşek Polat Korkmaz Çakır Erdoğan Güneş""",
    "pl": """Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak
        Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski Krawczyk Piotrowski Grabowski Pawłowski Michalski Król
        Wieczorek Jabłoński Wróbel Łukasik""",
    "no": """Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen
        Pettersen Eriksen Berg Haugen Hagen Johannessen Jacobsen Sørensen Jørgensen Bjørnstad Ødegård Mørk Åsen
        Lindström Öberg Sjöberg Kjær Nørgaard Østergaard""",
    "el": """Papadopoulos|Παπαδόπουλος Oikonomou|Οικονόμου Georgiou|Γεωργίου Nikolaidis|Νικολαΐδης
        Dimitriou|Δημητρίου Vlachos|Βλάχος Makris|Μακρής Karagiannis|Καραγιάννης Antoniou|Αντωνίου
        Konstantinou|Κωνσταντίνου Alexiou|Αλεξίου Panagopoulos|Παναγόπουλος""",
    "ru": """Ivanov|Иванов Smirnov|Смирнов Kuznetsov|Кузнецов Popov|Попов Vasiliev|Васильев Petrov|Петров
        Sokolov|Соколов Mikhailov|Михайлов Novikov|Новиков Fedorov|Федоров Shcherbakov|Щербаков Zhukov|Жуков
        Yakovlev|Яковлев Kiselev|Киселев""",
    "ko": """Kim|김 Lee|이 Park|박 Choi|최 Jung|정 Kang|강 Cho|조 Yoon|윤 Jang|장 Lim|임 Han|한 Oh|오 Seo|서
        Shin|신 Kwon|권""",
}

# Surnames that few people bear are put together from a beginning and an ending.
RARE_SURNAMES = {
    "en": (
        """Ash Black Thorn Wood Hart Had Win Stan Lang Brad Whit Hol Ald Kirk Mar Stock Wal Chester Farn Bel Dun Nor
        Pen Red Sut Thorn Wes Yar Crow Ever""",
        "ford ley ton well worth field wick bury combe den ham more stone by shaw brook hurst",
    ),
    "de": (
        """Ober Nieder Stein Linden Eichen Hohen Grün Rosen Lauter Wiesen Kirch Mühl Sand Birken Schön Neu Alten Burg
        Gold Feld Brunn Eber Wald Höll Rieder Buch Tannen Mitter""",
        "bauer maier hofer mann berger bach feld stein huber moser wieser reiter egger städter haus kofler",
    ),
    "es": (
        "Val Mont Cas Fuen Mira Villa Ribe Alta Cam Agui Peña Sal Barra Gra Mon Este Oli",
        "verde alba tilla flores longo nueva rez rano pino lar zuela sola mayor quero vares ban",
    ),
    "fr": (
        "Beau Mont Ville Bois Clair Grand Font Haute Champ Roche Val Pré Mal Bel Saint Cour",
        "mont fort ville champ court neuve blanc vigne claire pierre rieux lieu serre vert",
    ),
    "no": (
        "Berg Lund Sol Nord Strand Hav Bjørk Ek Gran Stein Vik Dal Kvist Øst Ås",
        "land heim dal stad mo nes haug berg ström gren bakken vik lie",
    ),
    "pl": (
        "Mal Ost Brzez Dab Krak Lip Sos Wil Gor Zak Pol Bor Jas Kos Rud",
        "owski inski ecki ewicz czyk owicz anski ak iak",
    ),
    "tr": ("Kara Ak Demir Bal Çoban Hacı Kör Deli Molla Usta Taş Gül", "oğlu can soy türk taş demir han kan er"),
}

# How many families of a hundred speak which language.
LANGUAGE_SHARES = {"en": 34, "de": 24, "es": 14, "fr": 6, "tr": 6, "pl": 5, "no": 4, "el": 2, "ru": 3, "ko": 2}

SHORT_FORMS = {
    "William": "Bill Will",
    "Robert": "Bob Rob",
    "Richard": "Rick Dick",
    "James": "Jim Jamie",
    "Michael": "Mike Mick",
    "Christopher": "Chris",
    "Christian": "Chris",
    "Christina": "Chris Tina",
    "Christine": "Chris Tina",
    "Alexander": "Alex Sascha",
    "Alexandra": "Alex Sandra",
    "Elizabeth": "Liz Beth",
    "Elisabeth": "Lisa Sissi",
    "Katherine": "Kate Kathy",
    "Katharina": "Kathi Käthe",
    "Margaret": "Peggy Maggie",
    "Jennifer": "Jenny",
    "Rebecca": "Becky",
    "Thomas": "Tom",
    "Matthew": "Matt",
    "Anthony": "Tony",
    "Andrew": "Andy",
    "Steven": "Steve",
    "Joshua": "Josh",
    "Benjamin": "Ben",
    "Samuel": "Sam",
    "Samantha": "Sam",
    "Jonathan": "Jon",
    "Nicholas": "Nick",
    "Nicole": "Nicky",
    "Daniel": "Dan",
    "Danielle": "Dani",
    "Edward": "Ted Ed",
    "Patrick": "Paddy Pat",
    "Patricia": "Pat Trish",
    "Francisco": "Paco Pancho",
    "Francisca": "Paca",
    "José": "Pepe",
    "Josefa": "Pepa",
    "Dolores": "Lola",
    "Concepción": "Concha",
    "Rosario": "Charo",
    "Manuel": "Manolo",
    "Enrique": "Quique",
    "Ignacio": "Nacho",
    "Guadalupe": "Lupe",
    "Montserrat": "Montse",
    "Johannes": "Hannes Hans",
    "Wilhelm": "Willi",
    "Heinrich": "Heinz",
    "Maximilian": "Max",
    "Tobias": "Tobi",
    "Wolfgang": "Wolf Wolfi",
    "Manfred": "Manni Fredl",
    "Joachim": "Jochen Achim",
    "Gabriele": "Gabi",
    "Susanne": "Susi",
    "Ursula": "Uschi",
    "Stefanie": "Steffi",
    "Franziska": "Franzi",
    "Magdalena": "Leni Magda",
    "Johanna": "Hanna",
    "Małgorzata": "Gosia",
    "Katarzyna": "Kasia",
    "Agnieszka": "Aga",
    "Stanisław": "Staszek",
    "Wojciech": "Wojtek",
    "Tatiana": "Tanya",
    "Dmitry": "Dima",
    "Konstantinos": "Kostas",
    "Georgios": "Giorgos",
    "Ioannis": "Yiannis",
    "Lars": "Lasse",
    "Stéphanie": "Steph",
    "Véronique": "Véro",
}

# Names twins are given, near enough to be mistaken for each other by eye and by program.
CLOSE_TWINS = """Anna/Hanna Jan/Jana Paul/Paula Mario/Maria Julian/Julia Lena/Lea Tim/Tom Marie/Maria Lara/Laura
        Marina/Martina Christian/Christina Alexander/Alexandra Daniel/Daniela Michael/Michaela Jonas/Jonah
        Ella/Emma Lukas/Luka Karl/Karla Melina/Melissa Felix/Felicia Stefan/Stefanie Johannes/Johanna
        Leon/Leonie Sophie/Sofia Erik/Erika Simon/Simone"""

TEST_NAMES = """Test/Patient Test/Test Demo/Demo zz/Test Dummy/Patient Max/Mustermann John/Doe xxx/xxx Anonymous/
        Test2/Smith ZZTest/ Sample/Patient"""
