package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.LocalKill;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Merge;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Meta;
import dev.sluice.control.catalog.StaleGates;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.lifecycle.gate.WriteGuards;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.gate.v1.CohortMatch;
import dev.sluice.gate.v1.GateRevision;
import dev.sluice.gate.v1.Rule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Gates on the wire. What decides is read and written by the contract's own parser and writer, so
 * that a gate means here what it means to a sidecar; versions stand where clusters do there.
 * Immutable.
 */
final class GateForm implements Form<Gate, GateSpec, GateState> {
    /** Stands for the revision that the change path will give. */
    private static final GateRevision NOT_YET =
            GateRevision.newBuilder().setEpoch(1).setNumber(1).build();

    private final NodeStates nodeStates;
    private final InstantSource clock;

    GateForm(NodeStates nodeStates, InstantSource clock) {
        this.nodeStates = nodeStates;
        this.clock = clock;
    }

    @Override
    public Gate write(GateState gate, Catalog catalog) {
        Meta meta = gate.meta();
        Gate content = describe(gate.spec());
        return content.toBuilder()
                .clearRules()
                .addAllRules(content.getRulesList().stream().map(GateForm::named).toList())
                .setEtag(meta.etag())
                .setCreateTime(Times.write(meta.createTime()))
                .setUpdateTime(Times.write(meta.updateTime()))
                .setRollout(Rollouts.of(gate, catalog, nodeStates))
                .setWritesMoving(writesMoving(gate, catalog))
                .addAllStale(StaleGates.reasons(catalog, gate, clock.instant()))
                .addAllLocalKills(gate.openLocalKills().stream().map(GateForm::write).toList())
                .build();
    }

    /**
     * The etag that guards an update. Without one of the caller's, a merge is guarded by the one
     * that was read for it; but what decides an arm must not change blindly, so there the missing
     * etag is left for the lifecycle to refuse.
     */
    String etag(GateState present, UpdateGateRequest request, Catalog catalog) {
        if (!request.getGate().getEtag().isEmpty()) {
            return request.getGate().getEtag();
        }
        Gate now = write(present, catalog);
        Gate next = Merge.merge(now, request.getGate(), request.getUpdateMask(), Problems.root());
        boolean decisive =
                now.getSharePpm() != next.getSharePpm()
                        || !now.getRulesList().equals(next.getRulesList())
                        || !now.getBucketing().equals(next.getBucketing())
                        || now.getFrom() != next.getFrom()
                        || now.getTo() != next.getTo();
        return decisive ? "" : present.meta().etag();
    }

    private String writesMoving(GateState gate, Catalog catalog) {
        return WriteGuards.onItsWay(gate)
                .map(what -> {
                    List<NodeName> waited = Rollouts.lagging(gate, catalog, nodeStates);
                    return waited.isEmpty()
                            ? what
                            : what
                                    + ", and wait for "
                                    + waited.stream()
                                            .map(NodeName::name)
                                            .collect(Collectors.joining(", "));
                })
                .orElse("");
    }

    /** A rule that names its cohort says no more of it: what that says now is asked there. */
    private static Rule named(Rule rule) {
        return rule.getCohort().getName().isEmpty()
                ? rule
                : rule.toBuilder()
                        .setCohort(CohortMatch.newBuilder().setName(rule.getCohort().getName()))
                        .build();
    }

    private static LocalKill write(LocalKillReport kill) {
        return LocalKill.newBuilder()
                .setId(kill.id())
                .setNode(kill.node().name())
                .setReason(kill.reason())
                .setTime(Times.write(kill.time()))
                .build();
    }

    /** A gate without when it was made: an old revision. */
    static Gate describe(GateSpec spec) {
        dev.sluice.gate.v1.Gate content = GateWriter.write(spec.content());
        var message =
                Gate.newBuilder()
                        .setName(content.getName())
                        .setDisplayName(spec.description().displayName())
                        .setOwner(spec.description().owner())
                        .putAllLabels(spec.description().labels())
                        .setLegacyVersion(content.getLegacyCluster())
                        .setNewVersion(content.getNewCluster())
                        .setStoreKind(content.getStoreKind())
                        .setFrom(content.getFrom())
                        .setTo(content.getTo())
                        .setSharePpm(content.getSharePpm())
                        .setBucketing(content.getBucketing())
                        .addAllRules(content.getRulesList())
                        .setTakeBack(content.getTakeBack())
                        .setMaxStale(content.getMaxStale())
                        .setTrip(content.getTrip())
                        .setFallback(content.getFallback())
                        .setRevision(content.getRevision())
                        .addAllAcknowledgedTrips(content.getAcknowledgedTripsList())
                        .setGateSet(content.getGateSet());
        spec.expires().ifPresent(end -> message.setExpireTime(Times.write(end)));
        spec.writeMaxWait().ifPresent(wait -> message.setWriteMaxWait(Times.write(wait)));
        if (content.hasWriteAuthority()) {
            message.setWriteAuthority(content.getWriteAuthority());
        }
        if (content.hasWriteHold()) {
            message.setWriteHold(content.getWriteHold());
        }
        if (content.hasKill()) {
            message.setKill(content.getKill());
        }
        return message.build();
    }

    @Override
    public Optional<GateSpec> read(Gate message, Problems at) {
        int before = at.all().size();
        Optional<Instant> expires =
                message.hasExpireTime()
                        ? Optional.of(Times.read(message.getExpireTime(), at.field("expire_time")))
                        : Optional.empty();
        Optional<Duration> maxWait =
                message.hasWriteMaxWait()
                        ? Optional.of(
                                Times.read(message.getWriteMaxWait(), at.field("write_max_wait")))
                        : Optional.empty();
        refuseNamedKeys(message, at);
        Optional<GateSpec> read =
                content(message, at)
                        .map(gate ->
                                new GateSpec(
                                        gate,
                                        new Description(
                                                message.getDisplayName(),
                                                message.getOwner(),
                                                message.getLabelsMap()),
                                        expires,
                                        maxWait));
        return at.all().size() == before ? read : Optional.empty();
    }

    private static void refuseNamedKeys(Gate message, Problems at) {
        for (int i = 0; i < message.getRulesCount(); i++) {
            CohortMatch cohort = message.getRules(i).getCohort();
            boolean saysKeys =
                    cohort.getIncludeCount() > 0
                            || cohort.getExcludeCount() > 0
                            || cohort.hasMatch();
            if (!cohort.getName().isEmpty() && saysKeys) {
                at.field("rules")
                        .index(i)
                        .field("cohort")
                        .add(
                                cohort.getName() + " with keys or a match of its own",
                                "a name, or who is in it",
                                "change " + cohort.getName() + ", or leave out its name");
            }
        }
    }

    private static Optional<dev.sluice.contract.gate.Gate> content(Gate message, Problems at) {
        return switch (GateParser.parse(content(message))) {
            case Parsed.Ok<dev.sluice.contract.gate.Gate>(var gate) -> Optional.of(gate);
            case Parsed.Refused<dev.sluice.contract.gate.Gate>(var problems) -> {
                at.addAll(inWordsOfThisApi(problems));
                yield Optional.empty();
            }
        };
    }

    private static dev.sluice.gate.v1.Gate content(Gate message) {
        var content =
                dev.sluice.gate.v1.Gate.newBuilder()
                        .setName(message.getName())
                        .setRevision(NOT_YET)
                        .setLegacyCluster(message.getLegacyVersion())
                        .setNewCluster(message.getNewVersion())
                        .setStoreKindValue(message.getStoreKindValue())
                        .setFromValue(message.getFromValue())
                        .setToValue(message.getToValue())
                        .setSharePpm(message.getSharePpm())
                        .addAllRules(message.getRulesList())
                        .setTakeBackValue(message.getTakeBackValue())
                        .setTrip(message.getTrip())
                        .setFallback(message.getFallback());
        if (message.getRulesList().stream().anyMatch(Rule::hasCohort)) {
            content.setContractVersion(dev.sluice.contract.gate.CohortMatch.CONTRACT_VERSION);
        }
        if (message.hasBucketing()) {
            content.setBucketing(message.getBucketing());
        }
        if (message.hasMaxStale()) {
            content.setMaxStale(message.getMaxStale());
        }
        return content.build();
    }

    private static List<Problem> inWordsOfThisApi(List<Problem> problems) {
        return problems.stream()
                .map(problem ->
                        new Problem(
                                switch (problem.path()) {
                                    case "legacy_cluster" -> "legacy_version";
                                    case "new_cluster" -> "new_version";
                                    default -> problem.path();
                                },
                                problem.got(),
                                problem.expected(),
                                problem.remedy()))
                .toList();
    }
}
