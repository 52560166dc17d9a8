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
    "mg mgs milligram milligrams miligramos mcg ug µg μg micrograms microgramos g gram grams gramos ml mls cc iu "
    "units unit unidades u meq percent tab tabs tablet tablets tableta tabletas pill pills pastilla pastillas cap "
    "caps capsule capsules capsula capsulas drop drops gotas puff puffs spray sprays patch patches parche parches "
    "strip strips film films lozenge lozenges troche troches gummy gummies gomitas scoop scoops injection "
    "injections inyeccion inyecciones shot shots ampule vial pen pens suppository suppositories supositorio"
)
FREQUENCY = wordset(
    "daily bid tid qid qd qod qhs hs prn am pm qam qpm nightly weekly monthly hourly once twice thrice time times "
    "day days dia dias week weeks semana semanas month mes night nights noche noches nite morning mornings manana "
    "mananas evening bedtime noon lunch dinner breakfast diario diaria diariamente cada vez veces every each hour "
    "hours hr hrs hora horas per al needed sometimes occasionally rarely often always biweekly twiceaday"
)
FORMS = wordset(
    "er xr sr cr la xl ir dr ec odt sl cd xt os ds hcl hbr hydrochloride sodium potassium calcium magnesium "
    "succinate tartrate sulfate sulphate citrate maleate mesylate besylate fumarate acetate phosphate carbonate "
    "decanoate decanoato enanthate enantato cypionate cipionato palmitate palmitato pamoato undecanoate lauroxil depot "
    "depo implant implants implante implantes pellet pellets "
    "bitartrate tromethamine pamoate pam extended release delayed immediate slow sustained retard forte oral orally "
    "mouth topical cream crema ointment pomada gel lotion eye ojos ear nasal nose nariz shampoo vaginal rectal "
    "sublingual under tongue lengua inhaled inhaler inhalador nebulizer syrup jarabe liquid elixir suspension "
    "powder generic genericos brand strength dose dosis low high regular extra tea te oil extract root raiz "
    "supplement supplements po im iv subq sq sc teva mylan sandoz zydus aurobindo vitamins over counter otc rx "
    "script prescription compounded pharmacy medicine medication medications medicines meds med drug drugs medicina "
    "medicinas medicamento medicamentos remedio remedios"
)
SMALL = wordset(
    "pedi pido pide pidio quiso quiere quieren quise dijo dijeron dije dar daba dieron doy puso ponen pongo pone "
    "compro compre compra llama llaman llamo creo pienso parece siento sirve funciona ayuda cuando porque pues "
    "entonces luego despues antes desde hasta para sobre entre mucho mucha poco poca nada algo mas menos bien mal "
    "muy tan casi tambien ahora ahorita hoy ayer anoche todavia aun ya nunca siempre ella ellos nosotros usted mis "
    "sus este esta ese esa eso cual quien donde como inyectada inyectado inyecto surto surti recetaron receto "
    "recetado recetada operaron operacion rodilla espalda cabeza estomago corazon azucar sangre gotas jarabe "
    "tableta capsula ampolleta frasco caja receta doctor doctora medico farmacia hospital clinica seguro enfermera "
    "familia disp dispense qty refill refills havent hasnt hadnt didnt doesnt dont isnt wasnt werent cant couldnt "
    "wont wouldnt shouldnt youre theyre smoke smoking smoked drink drinking vape eat chew inject snort a an the my "
    "mi of for de del la el los las un una uno dos tres in on at to en con por i im ive id is it its me as and or "
    "but y o with was am are be been have has had do does take takes taking takeing took taken use using uso usando "
    "tomo toma tomando tomar yo one two three four half 1 x q h c s d t mild approx about around since when if "
    "needed so very just only also still now currently currentl q6h q4h q8h q12h pain dolor sleep anxiety ansiedad "
    "dormir presion blood pressure heart thyroid diabetes depression depresion allergies back migraine migraines "
    "headache headaches nausea seizures fibromyalgia adhd cholesterol colesterol reflux asthma asma please thanks "
    "thank you hello list following current actual medicamentos include includes including"
)
LABEL = wordset(
    "extended release releasing delayed immediate slow sustained controlled strength maximum maxium max extra "
    "regular double triple original injectable injectables inyectable inyectables topical oral tablet tablets "
    "capsule capsules solution suspension chewable effervescent dissolving coated enteric film softgel softgels "
    "caplet caplets liquid gel gels non drowsy free sugar flavor flavored formula brand generic adult adults "
    "children childrens infant infants concentrate single multi dose unit pack easy swallow quick fast acting rapid "
    "long lasting hour hr hours once daily day night time daytime nighttime anti itch cream ointment lotion spray "
    "drops patch system kit pen vial inhaler device"
)
"""Words of a label that are no name, alone or together: form, route, strength, device."""

NOISE = LABEL | UNITS | FREQUENCY | FORMS | SMALL
NOT_A_NAME = (
    UNITS
    | FREQUENCY
    | SMALL
    | LABEL
    | wordset("nothing only gelcap intrathecal intensol ellipta disp dispense qty refill refills")
) - {"thyroid", "te"}
"""Single words that are never read as a name, whatever the table says."""

CONDITION_AFTER = wordset(
    "deficiency deficient resistance resistant addiction addict abuse disorder dependence dependency problem "
    "problems disease withdrawal withdrawals overdose level levels test tests free rehab poisoning counselor use "
    "misuse anonymous cancer nodule nodules removal removed surgery"
)
"""A name before one of these is about the body, not about a medicine: "iron deficiency", "opioid use disorder"."""

ASKS_FOR_NAME = wordset(
    "something medicine medicines medication medications meds pills medicina medicinas medicamento medicamentos "
    "remedio algo pastillas"
)
"""A clause with one of these but without a name speaks of a medicine that was not read."""

KIN = wordset(
    "wife husband mother mom mum mam father dad son daughter sister brother kid kids child children baby grandma "
    "grandmother grandpa grandfather aunt uncle cousin partner boyfriend girlfriend roommate friend neighbor spouse "
    "fiance fiancee parents dog cat pet esposa esposo marido mama papa madre padre hijo hija hermana hermano abuela "
    "abuelo tia tio novia novio pareja vecina vecino amiga amigo perro gato nino nina suegra"
)
