package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.DiffGateRevisionsRequest;
import dev.sluice.admin.v1.GateDiff;
import dev.sluice.admin.v1.ListGateRevisionsRequest;
import dev.sluice.admin.v1.ListGateRevisionsResponse;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.Refusing;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.GateRevisionEntry;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.message.Difference;
import dev.sluice.control.message.Differences;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The revisions of a gate over gRPC. Immutable. */
final class GateHistory {
    ListGateRevisionsResponse list(GateState gate, ListGateRevisionsRequest request) {
        List<GateRevisionEntry> newestFirst = new ArrayList<>(gate.revisions().values());
        Collections.reverse(newestFirst);
        var page =
                Page.of(
                        newestFirst,
                        request.getPageSize(),
                        request.getPageToken(),
                        entry -> new NewestFirst(entry.revision()),
                        NewestFirst::parse);
        var answer = ListGateRevisionsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(entry -> answer.addRevisions(entry(entry)));
        return answer.build();
    }

    GateDiff diff(GateState gate, DiffGateRevisionsRequest request) {
        var before = content(gate, revision(request.getBefore(), "before"));
        var after = content(gate, revision(request.getAfter(), "after"));
        return diff(Differences.between(before, after, Set.of("revision")));
    }

    /** A revision of a request. */
    static GateRevision revision(dev.sluice.gate.v1.GateRevision message, String path) {
        if (message.getEpoch() < 1 || message.getNumber() < 1) {
            throw Refusing.invalid(
                    List.of(
                            new Problem(
                                    path,
                                    Long.toUnsignedString(message.getEpoch())
                                            + "."
                                            + Long.toUnsignedString(message.getNumber()),
                                    "epoch and number, each 1 or more",
                                    "take one of the gate's revisions")));
        }
        return new GateRevision(message.getEpoch(), message.getNumber());
    }

    private static GateDiff diff(List<Difference> differences) {
        GateDiff.Builder diff = GateDiff.newBuilder();
        for (Difference difference : differences) {
            diff.addChangesBuilder()
                    .setPath(difference.path())
                    .setBefore(difference.before())
                    .setAfter(difference.after());
        }
        return diff.build();
    }

    private static dev.sluice.admin.v1.Gate content(GateState gate, GateRevision revision) {
        GateRevisionEntry entry =
                Desk.found(gate.revision(revision), gate.name() + " revision " + revision);
        return GateForm.describe(entry.spec());
    }

    private static dev.sluice.admin.v1.GateRevisionEntry entry(GateRevisionEntry entry) {
        return dev.sluice.admin.v1.GateRevisionEntry.newBuilder()
                .setGate(GateForm.describe(entry.spec()))
                .setTime(Times.write(entry.time()))
                .setActor(entry.actor().name())
                .setReason(entry.reason())
                .build();
    }

    /** A revision, ordered from the newest down. */
    private record NewestFirst(GateRevision revision) implements Comparable<NewestFirst> {
        private static final Pattern SHAPE =
                Pattern.compile("([1-9][0-9]{0,17})\\.([1-9][0-9]{0,17})");

        static Parsed<NewestFirst> parse(String text) {
            Matcher matcher = SHAPE.matcher(text);
            return matcher.matches()
                    ? Parsed.ok(
                            new NewestFirst(
                                    new GateRevision(
                                            Long.parseLong(matcher.group(1)),
                                            Long.parseLong(matcher.group(2)))))
                    : Parsed.refused(new Problem("", text, SHAPE.pattern(), "begin again"));
        }

        @Override
        public int compareTo(NewestFirst other) {
            return other.revision.compareTo(revision);
        }

        @Override
        public String toString() {
            return revision.epoch() + "." + revision.number();
        }
    }
}
