package dev.sluice.control.evidence;

import dev.sluice.contract.GateName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names of gates as nodes write them, each read and kept once however many nodes write it.
 * Thread-safe.
 */
public final class GateNames {
    /** Names kept: many times as many as any fleet has; with more, all are read anew. */
    static final int MOST = 50_000;

    private final Map<String, Written> known = new ConcurrentHashMap<>();

    /**
     * A name as it was written. Immutable.
     *
     * @param gate empty when the text is no name of a gate
     */
    public record Written(String text, Optional<GateName> gate) {}

    /** The name that a text is, the same object for equal texts that are names of gates. */
    public Written read(String text) {
        Written kept = known.get(text);
        if (kept != null) {
            return kept;
        }
        Written read = new Written(text, GateName.parse(text).toOptional());
        if (read.gate().isPresent()) {
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(text, read);
        }
        return read;
    }

    /**
     * The gate that a text names.
     *
     * @throws IllegalArgumentException with what, got and expected, when it names none
     */
    public GateName gate(String text) {
        return read(text).gate().orElseGet(() -> GateName.parse(text).orThrow());
    }
}
