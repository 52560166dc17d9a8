"""The words people write around the names of medicines, in English and Spanish. All folded: lower case, no accents or
apostrophes."""

from __future__ import annotations


def wordset(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())


MEDICINE = wordset("med meds medication medications medicines drug drugs tablet tablets tabs pills")
"""Words that stand for "medicine" at the end of a class word: "bp meds"."""

CONNECTORS = wordset("and but or nor y e o u ni pero plus then also tambien except excepto")


UNITS = wordset(
    "mg mgs milligram milligrams miligramos mcg ug µg μg micrograms microgramos g gram grams gramos ml mls "
    "cc iu units unit unidades u "
    "meq percent tab tabs tablet tablets tableta tabletas pill pills pastilla pastillas cap caps capsule "
    "capsules capsula capsulas drop "
    "drops gotas puff puffs spray sprays patch patches parche parches strip strips film films lozenge "
    "lozenges troche troches gummy "
    "gummies gomitas scoop scoops injection injections inyeccion inyecciones shot shots ampule vial pen "
    "pens suppository suppositories "
    "supositorio"
)
FREQUENCY = wordset(
    "daily bid tid qid qd qod qhs hs prn am pm qam qpm nightly weekly monthly hourly once twice thrice "
    "time times day days dia dias week "
    "weeks semana semanas month mes night nights noche noches nite morning mornings manana mananas evening "
    "bedtime noon lunch dinner "
    "breakfast diario diaria diariamente cada vez veces every each hour hours hr hrs hora horas per al "
    "needed sometimes occasionally "
    "rarely often always biweekly twiceaday"
)
FORMS = wordset(
    "er xr sr cr la xl ir dr ec odt sl cd xt os ds hcl hbr hydrochloride sodium potassium calcium "
    "magnesium succinate tartrate sulfate "
    "sulphate citrate maleate mesylate besylate fumarate acetate phosphate carbonate bitartrate "
    "tromethamine pamoate pam extended release "
    "delayed immediate slow sustained retard forte oral orally mouth topical cream crema ointment pomada "
    "gel lotion eye ojos ear nasal "
    "nose nariz shampoo vaginal rectal sublingual under tongue lengua inhaled inhaler inhalador nebulizer "
    "syrup jarabe liquid elixir "
    "suspension powder generic genericos brand strength dose dosis low high regular extra tea te oil "
    "extract root raiz supplement "
    "supplements po im iv subq sq sc teva mylan sandoz zydus aurobindo vitamins over counter otc rx script "
    "prescription compounded "
    "pharmacy medicine medication medications medicines meds med drug drugs medicina medicinas medicamento "
    "medicamentos remedio remedios"
)
SMALL = wordset(
    "havent hasnt hadnt didnt doesnt dont isnt wasnt werent cant couldnt wont wouldnt shouldnt youre theyre "
    "smoke smoking smoked drink drinking vape eat chew inject snort a an the my mi mis of for de del la el "
    "los las un una uno dos tres "
    "in on at to en con por para i im ive id is it its me as and or but y o with was am are be been have "
    "has had do does take takes "
    "taking takeing took taken use using uso usando tomo toma tomando tomar yo one two three four half 1 x "
    "q h c s d t mild approx "
    "about around since when if needed so very just only also still now currently currentl q6h q4h q8h "
    "q12h pain dolor sleep anxiety "
    "ansiedad dormir presion blood pressure heart thyroid diabetes depression depresion allergies back "
    "migraine migraines headache "
    "headaches nausea seizures fibromyalgia adhd cholesterol colesterol reflux asthma asma please thanks "
    "thank you hello list following "
    "current actual medicamentos include includes including"
)
NOISE = UNITS | FREQUENCY | FORMS | SMALL
NOT_A_NAME = (
    UNITS | FREQUENCY | SMALL | wordset("nothing only original topical injectable gelcap intrathecal intensol ellipta")
) - {"thyroid", "te"}
"""Single words that are never read as a name, whatever the table says."""

CONDITION_AFTER = wordset(
    "deficiency deficient resistance resistant addiction addict abuse disorder dependence dependency "
    "problem problems disease withdrawal "
    "withdrawals overdose level levels test tests free rehab poisoning counselor use misuse anonymous "
    "cancer nodule nodules removal "
    "removed surgery"
)
"""A name before one of these is about the body, not about a medicine: "iron deficiency", "opioid use disorder"."""

ASKS_FOR_NAME = wordset(
    "something medicine medicines medication medications meds pills medicina medicinas medicamento "
    "medicamentos remedio algo pastillas"
)
"""A clause with one of these but without a name speaks of a medicine that was not read."""

PLURAL_PRONOUNS = wordset(
    "them they both all neither none any either these those ambos ambas todos todas ninguno ninguna estos"
)
PRONOUNS = PLURAL_PRONOUNS | wordset("it that this lo la one")

KIN = wordset(
    "wife husband mother mom mum mam father dad son daughter sister brother kid kids child children baby "
    "grandma grandmother grandpa "
    "grandfather aunt uncle cousin partner boyfriend girlfriend roommate friend neighbor spouse fiance "
    "fiancee parents dog cat pet esposa "
    "esposo marido mama papa madre padre hijo hija hermana hermano abuela abuelo tia tio novia novio "
    "pareja vecina vecino amiga amigo "
    "perro gato nino nina suegra"
)

PHRASES = """
current | skip |
  trying to wean off, trying to get off, trying to come off, trying to stop, trying to quit, want to stop, want to get
  off, want to come off, wanting to stop, would like to stop, would like to get off, hope to get off, hoping to stop,
  planning to stop, plan to stop, about to stop, will stop, tapering off, tapering, tapering down, weaning off,
  weaning, coming off, off and on, on and off, never miss, never missed, not sure, not often, not every day, not
  daily, not always, dont know, dont remember, do not know, do not remember, cant remember, cant recall, for
  allergies, for my allergies, for allergy, for seasonal allergies, seasonal allergies, allergy season, allergy shots,
  for rash, for hives, no known allergies, no known drug allergies, no allergies, nkda, nka, no drug allergies, no
  side effects, no problems, no issues, no change, no changes, no se, no recuerdo, no estoy seguro, no estoy segura,
  used for, used as needed, use as needed, used daily, para la alergia, para alergias, para las alergias, para
  alergia, ran out, run out, no refills, no more than, not more than, without food, no food, if not, before bed,
  before sleep, before meals, before breakfast, before surgery, last dose, last taken, have not stopped, havent
  stopped, didnt stop, did not stop, never stopped, cant stop, cannot stop, with no problems, as prescribed, as
  directed, no generic, not generic, day off, days off, stop date, antes de dormir, antes de comer, antes de
  acostarme, sin problemas, dont skip, no insurance, had surgery, had back surgery, due to, start date, not working
  well, doesnt help much, does not help much
current | head |
  now, now on, now taking, currently, currently on, currently taking, current, current meds, current medications,
  current medicines, switched to, switch to, changed to, replaced by, replaced with, moved to, still, still on, still
  take, still taking, started, just started, restarted, continue, continuing, back on, went back on, started again, i
  take, i am on, im on, i use, i am taking, im taking, i still take, been taking, been on, have been on, ive been on,
  ive been taking, have been taking, prescribed, was prescribed, put on, was put on, put me on, was started on,
  started on, except, except for, other than, besides, aside from, apart from, just, only, ahora, ahora tomo, ahora
  uso, actualmente, actualmente tomo, sigo, sigo tomando, sigo con, todavia tomo, estoy tomando, estoy usando, empece,
  empece a tomar, me cambiaron a, cambie a, cambio a, cambiado a, excepto, salvo, solo, solamente, solo tomo, but now,
  pero, but, yo tomo, today i take, at present, presently, regular, daily meds, morning meds, night meds, meds,
  medications, medicamentos, medicinas, since, desde, desde hace
current | weak-head |
  take, takes, taking, on, use, uses, using, tomo, toma, uso, usa, tomando, usando, do take, drink, drinks, drinking,
  bebo, smoke, smoking, fumo
current | tail |
  this morning, last night, today, yesterday, this week, instead, again, esta manana, hoy, ayer, anoche, esta semana,
  still taking it, still take it, still on it, restarted it, en su lugar
stopped | head |
  used to take, used to be on, used to use, used to have, used to do, used to drink, used to smoke, use to take, use
  to be on, was on, was taking, was using, had been on, had been taking, were on, i was on, i was taking, tried, have
  tried, ive tried, i tried, tried and failed, failed, trial of, trials of, past trials, took, i took, have taken, ive
  taken, had, i had, have had, used, i used, have used, switched from, changed from, switch from, instead of, in place
  of, replaced, swapped, previously on, previously took, previously taking, formerly on, former, prior, prior meds,
  past meds, past medications, old meds, previous meds, previous medications, history of, hx of, h o, hx, weaned off,
  weaned off of, came off, came off of, got off, got off of, went off, going off, taken off, taken off of, been off,
  off of, detoxed from, detoxed off, clean from, clean off, sober from, recovering from, in recovery from, in recovery
  for, withdrew from, tapered off, tapered off of, tapered from, finished, completed, just finished, recently stopped,
  recently quit, once took, once tried, antes tomaba, antes usaba, antes, tomaba, usaba, tome, he tomado, probe, he
  probado, deje de tomar, deje de usar, he dejado, he dejado de tomar, ya no tomo, ya no uso, cambie de, en vez de, en
  lugar de, me quitaron, me suspendieron, me retiraron, dejo de tomar, suspendi, tuve, estuve tomando, estuve con,
  doctor stopped, dr stopped, doctor took me off, dr took me off, they took me off, stopped taking, stoped taking,
  quit taking, quit using, stopped using, discontinued taking, not taking anymore, not on anymore, medicines that did
  not work, meds that didnt work, did not tolerate, couldnt tolerate, could not tolerate, didnt tolerate, had to stop,
  had to quit, had to stop taking, past use of, medicinas anteriores, medicamentos anteriores, medicinas pasadas
stopped | both |
  havent taken, have not taken, havent used, have not used, havent had, have not had, havent had any, havent been
  taking, havent been on, stopped, stoped, stopt, i stopped, quit, discontinued, discontinue, discontinud, dc, dcd, d
  c, d cd, dced, no longer, off, suspended, suspendido, suspendida, descontinuado, deje, lo deje, la deje, gave up,
  given up, ended, ceased, dropped, abandone, stopping, on hold, held, inactive, expired, cancelled, canceled, dont
  take anymore, formerly, no longer taking, no longer using, not anymore, past, previous, previously, took me off, ya
  no, no longer on, no longer take, no longer use
stopped | tail |
  not taking right now, not right now, not at the moment, havent had any, havent had any in, havent used any, havent
  taken any, havent taken it, havent taken it in, havent used it, por ahora no, in the past, years back, stopped it,
  stopped them, quit it, quit them, no longer take it, no longer taking it, no longer on it, not taking it anymore,
  dont take it anymore, not any more, anymore, any more, didnt work, did not work, doesnt work, does not work, didnt
  help, did not help, doesnt help, does not help, no help, no relief, no benefit, not helpful, not effective,
  ineffective, wasnt helpful, never worked, never helped, stopped working, hated it, hated that, hated them, couldnt
  stand it, made me sick, made me feel sick, made me tired, made me too sleepy, made me sleepy, made me dizzy, made me
  worse, made me gain weight, made me crazy, made me suicidal, made me nauseous, made me throw up, side effects, bad
  side effects, too many side effects, too sedating, got off it, came off it, weaned off it, got off that, took me off
  it, went off it, been off it, as a child, as a kid, as a teen, as a teenager, when i was younger, when i was a kid,
  when i was a child, when i was young, in college, in high school, when i was in high school, when i was pregnant,
  during pregnancy, while pregnant, when pregnant, in my 20 s, in my twenties, in my 30 s, in my teens, in my
  thirties, completed course, finished course, finished it, done with it, all done, hace anos, en el pasado, ya no la
  tomo, ya no lo tomo, lo deje, la deje, no me funciono, no me sirvio, no me ayudo, no sirvio, no funciono, me hizo
  mal, me cayo mal, me dio sueno, no longer, no more, used previously, used before, taken before, tried before, tried
  it, tried that, tried in the past, only once, one time only, no longer used, was stopped, were stopped, has been
  stopped, got stopped, was discontinued, were discontinued, caused weight gain, did nothing, did nothing for me,
  makes me sick, makes me sleepy, stopped due to, stopped because, hospital only, in the hospital, in hospital
stopped | weak-tail |
  <n> years ago, <n> year ago, <n> months ago, <n> month ago, <n> weeks ago, <n> yrs ago, <n> yr ago, few years ago,
  couple years ago, couple of years ago, many years ago, years ago, months ago, a year ago, a month ago, a few months
  ago, long ago, long time ago, weeks ago, last year, last summer, last winter, last spring, last fall, last month,
  last january, in <year>, until <year>, till <year>, til <year>, back in <year>, ended <year>, stopped <year>,
  through <year>, until last year, until last month, until recently, until last week, hasta <year>, en <year>, el ano
  pasado, el mes pasado, hace <n> anos, hace <n> meses, hace mucho, hace tiempo, hace un ano, hasta hace poco, hasta
  el ano pasado
stopped | all |
  none worked, none of them worked, none of these worked, none helped, none of them helped, none of these helped, none
  of those worked, nothing worked, nothing helped, neither worked, neither helped, neither one worked, didnt work for
  me, all failed, both failed, all stopped, both stopped, stopped both, stopped all, stopped all of them, stopped them
  all, all discontinued, both discontinued, they didnt work, they did not work, they didnt help, did not help me, they
  never worked, no longer take any of them, no longer take any of these, no longer take either, no longer on any of
  them, not taking any of these anymore, not on any of these anymore, all in the past, both in the past, ninguno
  funciono, ninguno me funciono, ninguna funciono, ninguno me ayudo, ninguno sirvio, ya no los tomo, ya no las tomo,
  los deje, las deje, off all of them, off both, quit all of them, quit both, all made me sick, both made me sick
allergic | both |
  allergic, allergic to, alergic to, alergic, allegic to, alergy, alergy to, allergy, allergies, allergys, allergy to,
  allergies to, i am allergic to, alergia, alergia a, alergia al, alergia a la, alergias, alergico, alergica, alergico
  a, alergica a, alergico al, alergica al, alergico a la, soy alergico a, soy alergica a, reaction to, bad reaction
  to, had a reaction to, allergic reaction to, intolerant to, intolerance, intolerance to, intolerant, sensitive to,
  sensitivity to, cant tolerate, can not tolerate, cannot tolerate, intolerante a, intolerancia a, reaccion a, mala
  reaccion a
allergic | tail |
  hives, rash, anaphylaxis, gave me hives, gave me a rash, gives me hives, gives me a rash, causes hives, causes rash,
  caused hives, caused a rash, causes a rash, makes me itch, made me itch, made me itchy, bad reaction, allergic
  reaction, had a reaction, reaction, throat swelling, throat closes, swelling, caused anaphylaxis, anaphylactic, me
  da alergia, me dio alergia, me da ronchas, ronchas, me dio ronchas, urticaria, broke out in hives, break out in
  hives, itching
never | clause-head |
  no, not, not on, not taking, not on any, without, dont, dont take, do not take, do not, dont use, do not use, doesnt
  take, didnt take, did not take, dont have, im not on, i am not on, not currently, not currently on, not currently
  taking, denies, deny, negative for, none, nothing, zero, aint on, isnt, arent, no other, no more, no tomo, no uso,
  no estoy tomando, sin, ningun, ninguna, ninguno, ni, nada de, nada, no consumo, no bebo, no fumo, dont drink, do not
  drink, dont smoke, do not smoke, no use of, no history of, no hx of, never on, hardly any
never | both |
  never, never took, never taken, never take, never used, never use, never tried, never been on, never had, have never
  taken, have never used, ive never taken, i have never taken, i never take, i never took, nunca, nunca he tomado,
  nunca tome, nunca tomo, nunca he usado, jamas, cant have, can not have, cannot have, cant take, can not take, cannot
  take, cant use, cannot use, should not take, shouldnt take, not supposed to take, told not to take, was told not to
  take, told to avoid, not allowed, must not take, avoid, avoiding, avoids, no puedo tomar, refuse, refused, refuses,
  wont take, will not take, declined, declines, no debo tomar, evito
never | tail |
  never took it, never tried it, never filled it, never filled, never used it, never started it, never started, never
  took them, didnt fill it, did not fill it, didnt take it, did not take it, nunca lo tome, nunca la tome, dont take
  it, do not take it, dont take that, not taking it, not taking, dont use it, not for me, dont take them, not taking
  them, no lo tomo, no la tomo, no los tomo
planned | head |
  will start, will be starting, going to start, gonna start, about to start, plan to start, planning to start,
  planning on, planning to take, plan to take, starting soon, supposed to start, scheduled to start, set to start, due
  to start, may start, might start, might try, may try, want to try, wants to try, would like to try, want to start,
  wants to start, would like to start, like to try, hope to start, hoping to start, hoping to try, hope to try, hoping
  to get, thinking about, thinking of, considering, interested in, wants me to take, wants me to try, wants me on,
  wants me to start, wants to put me on, wants to prescribe, want to prescribe, suggested, suggests, recommended,
  recommends, asked about, asking about, curious about, offered, was offered, discussed, discussing, looking into, can
  i take, could i take, should i take, is it ok to take, ok to take, can i have, havent started, have not started,
  havent started taking, not yet started, not started, yet to start, waiting for, waiting on, waiting to start, need a
  prescription for, will try, will take, going to try, going to take, going on, next week starting, need to start, to
  start, ready to start, voy a empezar, voy a tomar, voy a comenzar, me van a recetar, me van a dar, me van a poner,
  quiero probar, quiero empezar, quisiera probar, pienso tomar, el doctor quiere que tome, empezare, planeo, planeo
  tomar, todavia no tomo, aun no tomo, por empezar, piensa recetarme, me recomendaron, me quiere recetar
planned | tail |
  havent started yet, havent started it, havent started it yet, have not started it, have not started yet, not started
  yet, not yet started, havent filled, havent filled it, havent picked it up, not yet, next week, next month, starting
  next week, starting next month, starting soon, starting tomorrow, starting monday, to start next week, to start
  monday, to be started, pending approval, waiting for approval, awaiting approval, waiting on insurance, pending
  insurance, prior auth pending, pending, havent taken it yet, have not taken it yet, didnt start yet, todavia no
  empiezo, aun no empiezo, aun no la tomo, aun no lo tomo, todavia no lo tomo, la proxima semana, proxima semana, el
  proximo mes, starts next week, starts next month, starts monday
another-person | person |
  my <kin>, mi <kin>, our <kin>, his <kin>, her <kin>, su <kin>, the <kin>, <kin> takes, <kin> is on, <kin> uses,
  <kin> has, <kin> toma, <kin> usa, family history of, family history, family hx of, fam hx, mis padres, my moms, my
  dads, my mother in law, my father in law, my ex, my ex wife, my ex husband, antecedentes familiares
another-person | tail |
  for my <kin>, for the <kin>, para mi <kin>, not mine, belongs to my <kin>, is my <kin>, are my <kin>, not me, no es
  mio, no es mia, es de mi <kin>, son de mi <kin>
"""
"""What people say about use. A line `use | mode |`, then its phrases. In a phrase, <n> is a number, <year> a year,
<kin> a relative or
friend. Modes: a `head` governs what follows, a `tail` what precedes, `both` whichever there is; see medicine_text."""
