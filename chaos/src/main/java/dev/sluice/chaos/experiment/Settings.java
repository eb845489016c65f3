package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.chaos.dialect.JsonPath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an experiment says beyond the Chaos Toolkit, under the key {@code sluice}. Immutable.
 *
 * @param seed of everything that chance decides; empty for a new one each run
 * @param every how often the steady state and the stop conditions are asked while faults are on
 * @param recovery how soon the steady state must be back; empty to ask once
 * @param witness what proves that the fault reached its target; empty when only the actions' own
 *     answers do
 * @param stop probes that end the run as soon as one meets its tolerance
 * @param expect probes that must meet their tolerances at the end of the window, faults still on
 * @param blastRadius what the run may not exceed
 * @param faults on arms of gates, taken before the method
 * @param hold how long faults stay on after the method: a duration, or a variable; missing for not
 *     at all
 * @param environment whose system it is; empty when the file does not say
 */
public record Settings(
        Optional<Long> seed,
        Duration every,
        Optional<Recovery> recovery,
        Optional<Witness> witness,
        List<Activity> stop,
        List<Activity> expect,
        BlastRadius blastRadius,
        List<ArmFault> faults,
        JsonNode hold,
        Optional<Environment> environment) {
    /** Asks every second, and nothing else. */
    public static final Settings NONE =
            new Settings(
                    Optional.empty(),
                    Duration.ofSeconds(1),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    BlastRadius.NONE,
                    List.of(),
                    MissingNode.getInstance(),
                    Optional.empty());

    public Settings {
        stop = List.copyOf(stop);
        expect = List.copyOf(expect);
        faults = List.copyOf(faults);
    }

    /**
     * The way back.
     *
     * @param within longest time from the last rollback to a steady state
     * @param stableFor how long it must then hold without a break
     */
    public record Recovery(Duration within, Duration stableFor) {}

    /**
     * A counter that the fault moves.
     *
     * @param probe answers a number, or an object whose {@code body} or {@code stdout} is one
     * @param path where the number stands in the answer; empty for those places
     * @param atLeast by how much it must have grown while faults were on, 1 or more; a number that
     *     was not there before counts from 0
     */
    public record Witness(Activity probe, Optional<JsonPath> path, long atLeast) {}

    /**
     * Whose system an experiment is run on.
     *
     * @param name a text, or a variable
     * @param place where it stands in the file
     */
    public record Environment(JsonNode name, String place) {
        /** The environment that is broken only by whoever says so twice. */
        public static final String PRODUCTION = "production";
    }
}
