/**
 * What makes two e-mail addresses or usernames the same: neither case, nor Unicode composition and width, nor invisible characters tell
 * them apart. An approximation of NFKC_Casefold (Unicode Standard 3.13): upper case first unifies what lower case alone leaves
 * different (ß and SS, σ and ς). Made here and not in SQL, so that it does not depend on the locale of the database.
 */
export function identityKey(name: string): string {
  return name.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '').toUpperCase().toLowerCase().normalize('NFKC');
}
