package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.ResourceType;
import java.util.Optional;

/**
 * What became of the responses of one type, for people and for who waits for a node.
 *
 * <p>Owned by its {@link TypeStream}.
 */
final class Answers {
    private final ResourceType type;
    private StructureStream.Report report = new StructureStream.Report("", "", "");
    private Optional<StructureStream.Refused> refused = Optional.empty();
    private Optional<Sent> refusedLast = Optional.empty();

    Answers(ResourceType type) {
        this.type = type;
    }

    void sent(String version) {
        report = new StructureStream.Report(version, report.acceptedVersion(), report.refusal());
    }

    void refused(Sent sent, String reason) {
        refusedLast = Optional.of(sent);
        refused = Optional.of(new StructureStream.Refused(type, sent.seq(), reason));
        report = new StructureStream.Report(report.sentVersion(), report.acceptedVersion(), reason);
    }

    /**
     * The node accepted a response.
     *
     * @param all whether there is nothing else that it refuses
     */
    void accepted(String version, boolean all) {
        refused = all ? Optional.empty() : refused;
        report =
                new StructureStream.Report(
                        report.sentVersion(), version, all ? "" : report.refusal());
    }

    /** What was refused may be sent as it was. */
    void reconsider() {
        refusedLast = Optional.empty();
    }

    /** Whether a response would say something else than the one that was refused last. */
    boolean isOtherThanRefused(Sent next) {
        return refusedLast.filter(next::sameContent).isEmpty();
    }

    StructureStream.Report report() {
        return report;
    }

    /** What the node refuses now. */
    Optional<StructureStream.Refused> refused() {
        return refused;
    }
}
