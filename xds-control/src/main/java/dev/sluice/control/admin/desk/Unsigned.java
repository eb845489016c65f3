package dev.sluice.control.admin.desk;

import dev.sluice.contract.Problems;

/** Unsigned 32-bit fields of the contract, which Java holds as signed. Stateless. */
public final class Unsigned {
    private Unsigned() {}

    /** The number, or the default for the 0 of an absent field; over 2^31-1 is one problem. */
    public static int orDefault(int value, int byDefault, Problems at) {
        if (value < 0) {
            at.add(Integer.toUnsignedString(value), "at most 2147483647", "give a smaller number");
            return byDefault;
        }
        return value == 0 ? byDefault : value;
    }
}
