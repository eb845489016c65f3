package dev.sluice.chaos.python;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a call of Python does, with every value known. Immutable. */
public sealed interface Work {
    /**
     * Requests, in order, until one is refused; the last answer is read.
     *
     * @param reading what the function makes of the last answer, {@code {status, headers, body}}
     */
    record Requests(List<Step> steps, Reading reading) implements Work {
        public Requests {
            steps = List.copyOf(steps);
        }
    }

    /** Looks whether a file or folder is there, and answers a truth value. */
    record Exists(String path) implements Work {}

    /** The function raises this before it does anything. */
    record Raises(String why) implements Work {}

    /** The experiment does not say what the call needs here. */
    record Refused(String got, String expected, String remedy) implements Work {}

    /**
     * One request.
     *
     * @param request fields of an {@code http} provider
     * @param fine statuses of 400 and above that are no failure of this request
     */
    record Step(JsonNode request, Set<Integer> fine) {
        public Step {
            fine = Set.copyOf(fine);
        }

        /** Whether the request did what it should. */
        public boolean done(int status) {
            return status < 400 || fine.contains(status);
        }
    }

    /** Makes of the answer of a request what the function returns. */
    @FunctionalInterface
    interface Reading {
        Answer read(JsonNode answer);
    }

    /** How a function ends. */
    sealed interface Answer {
        /**
         * It returns.
         *
         * @param exports variables that it sets for later activities and their programs
         */
        record Returned(JsonNode value, Map<String, String> exports) implements Answer {
            public Returned {
                exports = Map.copyOf(exports);
            }

            static Returned of(JsonNode value) {
                return new Returned(value, Map.of());
            }
        }

        /** It raises an exception. */
        record Raised(String why) implements Answer {}
    }
}
