package dev.sluice.control.audit;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.LoggedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks a whole log page by page, against its own chain and against checkpoints from outside.
 * Owned by one run.
 */
public final class LogCheck {
    private final List<Checkpoint> checkpoints;
    private final Map<Long, Digest> wanted = new HashMap<>();
    private final List<Problem> found = new ArrayList<>();
    private Head at = Head.EMPTY;

    /**
     * @param checkpoints whose signatures are known to be right
     */
    public LogCheck(List<Checkpoint> checkpoints) {
        this.checkpoints = List.copyOf(checkpoints);
        checkpoints.forEach(point -> wanted.put(point.head().seq(), point.head().hash()));
    }

    /** Reads the next events; false once the chain is broken and the rest can't be told. */
    public boolean read(List<LoggedEvent> page) {
        Optional<Problem> broken = HashChain.verify(at, page);
        if (broken.isPresent()) {
            found.add(broken.get());
            return false;
        }
        for (LoggedEvent event : page) {
            Digest signed = wanted.get(event.seq());
            if (signed != null && !signed.equals(event.hash())) {
                found.add(
                        new Problem(
                                "event " + event.seq(),
                                "a hash " + event.hash().brief(),
                                signed.brief() + ", as its checkpoint says",
                                "the log was written anew up to here: restore a backup"));
            }
            at = new Head(event.seq(), event.hash());
        }
        return true;
    }

    /** The end of what was read. */
    public Head end() {
        return at;
    }

    /** Everything that is wrong, after all was read; none for a whole log. */
    public List<Problem> problems() {
        List<Problem> all = new ArrayList<>(found);
        checkpoints.stream()
                .filter(point -> found.isEmpty() && point.head().seq() > at.seq())
                .map(point ->
                        new Problem(
                                "event " + (at.seq() + 1),
                                "the end of the log",
                                "event "
                                        + point.head().seq()
                                        + ", which a checkpoint of "
                                        + point.time()
                                        + " names",
                                "the log was cut short: restore a backup"))
                .forEach(all::add);
        return all;
    }
}
