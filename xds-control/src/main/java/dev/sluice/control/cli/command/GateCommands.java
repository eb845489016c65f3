package dev.sluice.control.cli.command;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.DiffGateRevisionsRequest;
import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateDiff.FieldChange;
import dev.sluice.admin.v1.GatePreview;
import dev.sluice.admin.v1.GateRevisionEntry;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceBlockingStub;
import dev.sluice.admin.v1.GetGateSelfCheckRequest;
import dev.sluice.admin.v1.ListGateCallersRequest;
import dev.sluice.admin.v1.ListGateRevisionsRequest;
import dev.sluice.admin.v1.PreviewGateRequest;
import dev.sluice.admin.v1.RestoreGateRevisionRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.Gates;
import dev.sluice.control.cli.resource.Resource;
import dev.sluice.control.cli.resource.ResourceFile;
import dev.sluice.control.cli.resource.Share;
import dev.sluice.control.cli.session.Change;
import dev.sluice.control.cli.session.ChangeOptions;
import dev.sluice.control.cli.session.EtagOption;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.ReasonOption;
import dev.sluice.control.cli.session.Session;
import dev.sluice.gate.v1.Decision;
import dev.sluice.gate.v1.GateRevision;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is asked of gates and of their past; {@link ShareVerbs} and the watch are beside it. */
@Command(name = "gate", description = "Gates: which version answers for which key.")
public final class GateCommands {
    private static final Gates GATES = new Gates();
    private static final List<Column<FieldChange>> DIFFERENCES =
            List.of(
                    new Column<>("FIELD", FieldChange::getPath),
                    new Column<>("BEFORE", change -> Words.orDash(change.getBefore())),
                    new Column<>("AFTER", change -> Words.orDash(change.getAfter())));

    private final Session session;

    public GateCommands(Session session) {
        this.session = session;
    }

    @Command(
            aliases = "evaluate",
            description = "Tells what the gate decides for a key or a request, and why.")
    int explain(@Parameters(paramLabel = "NAME") String name, @Mixin RequestOptions request) {
        EvaluateGateRequest question = request.question(Gates.SHAPE.expand(name));
        Decision decision = stub().evaluateGate(question);
        session.printer().answer(decision, sentences(decision));
        return ExitCode.OK.number();
    }

    @Command(description = "Tells which keys a change from a file would move, without making it.")
    int preview(
            @Option(
                            names = {"-f", "--file"},
                            required = true,
                            paramLabel = "FILE",
                            description = "The gate as it would be; - for standard input")
                    String file,
            @Option(
                            names = "--update-mask",
                            split = ",",
                            paramLabel = "FIELD",
                            description = "Fields that would change. Default: those that are set")
                    List<String> mask) {
        ResourceFile read = ResourceFile.read(file, session.surroundings());
        Gate gate = read.message(read.only(), Gate.getDefaultInstance());
        var request =
                PreviewGateRequest.newBuilder()
                        .setGate(Resource.withName(gate, Gates.SHAPE.expand(gate.getName())));
        if (mask != null) {
            request.setUpdateMask(FieldMask.newBuilder().addAllPaths(mask));
        }
        GatePreview preview = stub().previewGate(request.build());
        session.printer().answer(preview, sentences(preview));
        return ExitCode.OK.number();
    }

    @Command(description = "Lists who calls the versions of a gate, LEGACY first.")
    int callers(@Parameters(paramLabel = "NAME") String name) {
        var answer =
                stub().listGateCallers(
                                ListGateCallersRequest.newBuilder()
                                        .setName(Gates.SHAPE.expand(name))
                                        .build());
        session.printer().many(answer.getCallersList(), CallerText.columns(session.words()));
        if (answer.getSilentNodesCount() > 0) {
            session.printer()
                    .remark(
                            "not heard lately, so what they counted since is missing: "
                                    + Words.joined(answer.getSilentNodesList()));
        }
        return ExitCode.OK.number();
    }

    @Command(
            name = "self-check",
            description = {
                "Tells how often the judge was wrong at a gate: asked about two parts of LEGACY,",
                "whatever it finds is a false alarm."
            })
    int selfCheck(@Parameters(paramLabel = "NAME") String name) {
        var check =
                stub().getGateSelfCheck(
                                GetGateSelfCheckRequest.newBuilder()
                                        .setName(Gates.SHAPE.expand(name))
                                        .build());
        session.printer().answer(check, SelfCheckText.of(check));
        return ExitCode.OK.number();
    }

    @Command(description = "Lists the revisions of a gate, newest first.")
    int revisions(@Parameters(paramLabel = "NAME") String name) {
        String gate = Gates.SHAPE.expand(name);
        List<GateRevisionEntry> all = new ArrayList<>();
        String pageToken = "";
        do {
            var page =
                    stub().listGateRevisions(
                                    ListGateRevisionsRequest.newBuilder()
                                            .setName(gate)
                                            .setPageToken(pageToken)
                                            .build());
            all.addAll(page.getRevisionsList());
            pageToken = page.getNextPageToken();
        } while (!pageToken.isEmpty());
        session.printer().many(all, revisionColumns(session.words()));
        return ExitCode.OK.number();
    }

    @Command(description = "Makes the content of an old revision current, as a new one.")
    int restore(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "REVISION", converter = RevisionText.class)
                    GateRevision revision,
            @Mixin EtagOption etag,
            @Option(
                            names = "--allow-moves",
                            description = "Even if keys move back without a lower share")
                    boolean allowMoves,
            @Mixin ReasonOption reason,
            @Mixin ChangeOptions options) {
        String gate = Gates.SHAPE.expand(name);
        Change change = session.change(options);
        return show(
                stub().restoreGateRevision(
                                RestoreGateRevisionRequest.newBuilder()
                                        .setName(gate)
                                        .setRevision(revision)
                                        .setEtag(etag.or(() -> GATES.etag(session.channel(), gate)))
                                        .setAllowMoves(allowMoves)
                                        .setReason(reason.text)
                                        .setRequestId(change.requestId())
                                        .setValidateOnly(change.validateOnly())
                                        .build()));
    }

    @Command(description = "Shows what differs between two revisions.")
    int diff(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "BEFORE", converter = RevisionText.class) GateRevision before,
            @Parameters(paramLabel = "AFTER", converter = RevisionText.class) GateRevision after) {
        var diff =
                stub().diffGateRevisions(
                                DiffGateRevisionsRequest.newBuilder()
                                        .setName(Gates.SHAPE.expand(name))
                                        .setBefore(before)
                                        .setAfter(after)
                                        .build());
        session.printer().many(diff.getChangesList(), DIFFERENCES);
        return ExitCode.OK.number();
    }

    private static List<Column<GateRevisionEntry>> revisionColumns(Words words) {
        return List.of(
                new Column<>("REVISION", e -> Words.revision(e.getGate().getRevision())),
                new Column<>("SHARE", e -> Share.text(e.getGate().getSharePpm())),
                new Column<>("MODES", e -> e.getGate().getFrom() + " -> " + e.getGate().getTo()),
                new Column<>("KILLED", e -> e.getGate().hasKill() ? "yes" : "-"),
                new Column<>("TIME", e -> words.age(e.getTime())),
                new Column<>("ACTOR", e -> Words.orDash(e.getActor())),
                new Column<>("REASON", e -> Words.orDash(e.getReason())));
    }

    private static List<String> sentences(Decision decision) {
        String bucket =
                decision.hasBucket()
                        ? ", bucket " + Integer.toUnsignedString(decision.getBucket())
                        : "";
        String rule = decision.getRule().isEmpty() ? "" : ", rule " + decision.getRule();
        String summary =
                "%s in mode %s by %s%s, share %s%s"
                        .formatted(
                                decision.getArm(),
                                decision.getMode(),
                                decision.getReason(),
                                rule,
                                Share.text(decision.getSharePpm()),
                                bucket);
        return decision.getExplanation().isEmpty()
                ? List.of(summary)
                : List.of(summary, decision.getExplanation());
    }

    private static List<String> sentences(GatePreview preview) {
        List<String> lines = new ArrayList<>();
        lines.add("moves on:    " + Share.text(preview.getToPpm()) + " of keys");
        lines.add("moves back:  " + Share.text(preview.getBackPpm()) + " of keys");
        lines.add("exposed:     " + Share.text(preview.getExposedPpm()) + " of keys afterwards");
        lines.add("fixed rules: " + Words.joined(preview.getFixedRulesList()));
        if (preview.getNeedsAllowMoves()) {
            lines.add("the change needs allow_moves");
        }
        return lines;
    }

    private int show(Gate gate) {
        session.printer().one(gate, GATES.columns(session.words()));
        return ExitCode.OK.number();
    }

    private GateServiceBlockingStub stub() {
        return GateServiceGrpc.newBlockingStub(session.channel());
    }
}
