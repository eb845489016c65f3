package dev.sluice.control.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sluice.contract.RampName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.orchestrate.NodeStates;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the status page shows. The nodes of all replicas are known to the leader alone, so a
 * follower shows what the leader says; when none answers, what it knows itself, and says so.
 * Thread-safe.
 */
public final class StatusPage {
    private final StatusReader reader;
    private final Supplier<Optional<byte[]>> leader;
    private final ObjectMapper json =
            new ObjectMapper()
                    .registerModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

    /**
     * From where it is read. Immutable.
     *
     * @param catalogs committed state
     * @param logDamaged whether the log was found damaged
     * @param standing where this control plane stands among those on its log
     * @param evidence what both arms of each gate did
     * @param nodeStates what nodes report
     * @param verdicts the newest verdict of a ramp at work
     * @param waits why a ramp does not go on by now
     * @param blockers what stands against the next phase of a migration
     * @param clock for the time of reading
     */
    public record Parts(
            Supplier<Catalog> catalogs,
            BooleanSupplier logDamaged,
            Supplier<Standing> standing,
            EvidenceTotals evidence,
            NodeStates nodeStates,
            Function<RampName, Optional<Verdict>> verdicts,
            Function<Ramp, Optional<String>> waits,
            Function<Migration, List<Refusal>> blockers,
            InstantSource clock) {}

    /**
     * @param leader what the leader shows; empty when this one leads, or none answers; may block
     */
    public StatusPage(Parts parts, Supplier<Optional<byte[]>> leader) {
        this.reader = new StatusReader(parts);
        this.leader = leader;
    }

    /** What this control plane knows itself, as JSON. */
    public byte[] own() {
        try {
            return json.writeValueAsBytes(reader.read());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is known of all nodes, as JSON; waits for the leader a few seconds. */
    byte[] whole() {
        return leader.get().orElseGet(this::own);
    }

    Standing standing() {
        return reader.standing();
    }

    Status read() {
        return reader.read();
    }
}
