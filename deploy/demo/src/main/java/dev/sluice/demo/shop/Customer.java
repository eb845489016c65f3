package dev.sluice.demo.shop;

/**
 * A customer as the new schema sees one. Immutable.
 *
 * @param id 1..
 * @param firstName up to the first blank of the full name
 * @param lastName the rest; empty for people with one name
 */
record Customer(long id, String firstName, String lastName) {
    /** Splits at the first blank, as the database's trigger does. */
    static Customer ofFullName(long id, String fullName) {
        int blank = fullName.indexOf(' ');
        return blank < 0
                ? new Customer(id, fullName, "")
                : new Customer(id, fullName.substring(0, blank), fullName.substring(blank + 1));
    }

    String fullName() {
        return lastName.isEmpty() ? firstName : firstName + " " + lastName;
    }
}
