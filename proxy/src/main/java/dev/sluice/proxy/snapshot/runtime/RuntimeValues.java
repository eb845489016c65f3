package dev.sluice.proxy.snapshot.runtime;

import dev.sluice.contract.PartsPerMillion;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The runtime values in force: of each key, the value of the last layer that has one. A value that
 * is not of the kind that is asked for counts as none, as in Envoy. Immutable.
 *
 * @param byKey values by dotted key
 */
public record RuntimeValues(Map<String, RuntimeValue> byKey) {
    /** No value at all. */
    public static final RuntimeValues NONE = new RuntimeValues(Map.of());

    private static final int HUNDRED = 100;
    private static final int PER_CENT = PartsPerMillion.WHOLE / HUNDRED;

    public RuntimeValues {
        byKey = Map.copyOf(byKey);
    }

    /** The share in force; a number is a whole percentage, and more than 100 is all. */
    public PartsPerMillion share(RuntimeShare setting) {
        return switch (find(setting.key())) {
            case RuntimeValue.Fraction(String _, PartsPerMillion share) -> share;
            case RuntimeValue.Numeral number when number.isCount() ->
                    new PartsPerMillion((int) Math.min(number.count(), HUNDRED) * PER_CENT);
            case null, default -> setting.fallback();
        };
    }

    /** The number in force. */
    public long number(RuntimeNumber setting) {
        return number(setting.key()).orElse(setting.fallback());
    }

    /** The count under a key, 0..2^53; empty without one. */
    public OptionalLong number(String key) {
        return find(key) instanceof RuntimeValue.Numeral number && number.isCount()
                ? OptionalLong.of(number.count())
                : OptionalLong.empty();
    }

    /** Whether a switch is on now. */
    public boolean isOn(RuntimeFlag setting) {
        return find(setting.key()) instanceof RuntimeValue.Flag(boolean value)
                ? value
                : setting.fallback();
    }

    private @Nullable RuntimeValue find(String key) {
        return key.isEmpty() || byKey.isEmpty() ? null : byKey.get(key);
    }
}
