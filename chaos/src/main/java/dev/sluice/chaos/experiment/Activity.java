package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One probe or action. Immutable.
 *
 * @param provider how it is done; variables in it are not yet substituted
 * @param background whether the next activity starts without waiting for this one
 * @param pauseBefore seconds, or a variable; missing for none
 * @param pauseAfter seconds, or a variable; missing for none
 * @param tolerance what its answer must meet; only the steady state's probes have one that counts
 * @param source as it stands in the file, for the journal
 * @param place where it stands, such as {@code exp.yaml:12:5 method[0]}
 */
public record Activity(
        Kind kind,
        String name,
        Provider provider,
        boolean background,
        JsonNode pauseBefore,
        JsonNode pauseAfter,
        Optional<Tolerance> tolerance,
        JsonNode source,
        String place) {
    /** Whether an activity looks or changes. */
    public enum Kind {
        PROBE,
        ACTION
    }

    /**
     * How an activity is done.
     *
     * @param fields of the file, {@code type} included
     */
    public record Provider(Type type, JsonNode fields) {
        /** The providers of the Chaos Toolkit. */
        public enum Type {
            /** A request over HTTP; its answer is {@code {status, headers, body}}. */
            HTTP,
            /** A program; its answer is {@code {status, stdout, stderr}}. */
            PROCESS,
            /** One of the calls that {@code PythonCalls} knows; no Python is run. */
            PYTHON
        }
    }
}
