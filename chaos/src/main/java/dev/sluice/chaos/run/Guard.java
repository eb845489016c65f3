package dev.sluice.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Takes faults back when the process that runs the experiment can no longer do it. */
public interface Guard {
    /**
     * Holds what takes the faults back, before the first is injected.
     *
     * @param rollbacks providers without variables, in order
     */
    void hold(List<JsonNode> rollbacks);

    /** Everything was taken back: nothing is left to do. */
    void release();

    /** A guard of runs that need none, such as those of tests. */
    static Guard none() {
        return new Guard() {
            @Override
            public void hold(List<JsonNode> rollbacks) {}

            @Override
            public void release() {}
        };
    }
}
