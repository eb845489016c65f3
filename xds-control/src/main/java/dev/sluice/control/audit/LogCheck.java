package dev.sluice.control.audit;

import dev.sluice.contract.Problem;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.image.CatalogImage;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.ImageStore.Image;
import dev.sluice.control.change.LoggedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks a whole log page by page, against its own chain and against checkpoints from outside; and
 * the image from which a start would begin against the state that the log makes. Owned by one run.
 */
public final class LogCheck {
    private final List<Checkpoint> checkpoints;
    private final Map<Long, Digest> wanted = new HashMap<>();
    private final List<Problem> found = new ArrayList<>();
    private final Optional<Image> image;
    private Head at = Head.EMPTY;
    private Catalog made = Catalog.EMPTY;

    /**
     * @param checkpoints whose signatures are known to be right
     * @param image that this program would begin from; empty when there is none
     */
    public LogCheck(List<Checkpoint> checkpoints, Optional<Image> image) {
        this.image = image;
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
            image.filter(found -> event.seq() <= found.head().seq())
                    .ifPresent(found -> fold(event, found));
        }
        return true;
    }

    private void fold(LoggedEvent event, Image until) {
        made = made.apply(event);
        if (event.seq() == until.head().seq()
                && !(event.hash().equals(until.head().hash()) && shows(until, made))) {
            found.add(
                    new Problem(
                            "the image of event " + event.seq(),
                            "another state",
                            "the state that the log makes",
                            "empty the tables image and image_part, and start again; find out who"
                                    + " wrote them"));
        }
    }

    private static boolean shows(Image image, Catalog state) {
        try {
            return CatalogImage.read(image.content()).equals(state);
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    /** The end of what was read. */
    public Head end() {
        return at;
    }

    /** Everything that is wrong, after all was read; none for a whole log. */
    public List<Problem> problems() {
        List<Problem> all = new ArrayList<>(found);
        image.filter(kept -> found.isEmpty() && kept.head().seq() > at.seq())
                .map(kept ->
                        new Problem(
                                "event " + (at.seq() + 1),
                                "the end of the log",
                                "event " + kept.head().seq() + ", of which there is an image",
                                "the log was cut short: restore a backup"))
                .ifPresent(all::add);
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
