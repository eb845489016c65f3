package dev.sluice.proxy.admin;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.decide.GateDecider;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.gate.GateTable;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The admin pages about gates. Thread-safe. */
final class GatePages {
    private static final Peer NOBODY =
            new Peer(
                    InetSocketAddress.createUnresolved("", 0),
                    InetSocketAddress.createUnresolved("", 0),
                    HttpProtocol.HTTP_1_1,
                    /* secure= */ false,
                    Optional.empty(),
                    Optional.empty());

    private final AdminSubject subject;

    GatePages(AdminSubject subject) {
        this.subject = subject;
    }

    AdminAnswer answer(AdminRequest request) {
        List<String> segments = request.segments();
        if (segments.size() == 1) {
            return AdminPages.got(request, this::list);
        }
        if (!(GateName.parse("gates/" + segments.get(1))
                instanceof Parsed.Ok<GateName>(GateName name))) {
            return unknown(segments.get(1));
        }
        String action = segments.size() == 3 ? segments.get(2) : "";
        return switch (action) {
            case "explain" -> AdminPages.got(request, () -> explain(name, request));
            case "kill" -> AdminPages.posted(request, () -> kill(name, request));
            default ->
                    AdminAnswer.text(
                            404, "gates/%s has the pages explain and kill\n".formatted(name.id()));
        };
    }

    private AdminAnswer list() {
        return AdminAnswer.json(
                200, JsonTree.of(subject.gates().all().stream().map(this::shown).toList()));
    }

    private Map<String, Object> shown(GateTable.Entry entry) {
        HeldGate held = entry.held();
        Gate gate = held.gate();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", gate.name().name());
        shown.put("revision", gate.revision().map(GateRevision::toString));
        shown.put("applied_since", entry.since().toString());
        shown.put("writes_under_way", subject.gates().underWay(entry));
        shown.put("from", gate.from());
        shown.put("to", gate.to());
        shown.put("share_ppm", gate.share().value());
        shown.put(
                "write_authority_ppm",
                gate.writeAuthority() instanceof Gate.WriteAuthority.NewBelow(PartsPerMillion below)
                        ? Optional.of(below.value())
                        : Optional.empty());
        shown.put("write_hold", gate.writeHold());
        shown.put("take_back", gate.takeBack());
        shown.put("killed", held.isKilled());
        shown.put("local_kill", held.localKill());
        shown.put("trips", held.trips());
        shown.put("legacy_cluster", gate.legacyCluster());
        shown.put("new_cluster", gate.newCluster());
        shown.put("rules", gate.rules().size());
        return shown;
    }

    private static Optional<OperationClass> operationClass(AdminRequest request) {
        String word = request.parameter("class").orElse(OperationClass.READ.name());
        return Arrays.stream(OperationClass.values())
                .filter(one -> one.name().equals(word))
                .findFirst();
    }

    private AdminAnswer explain(GateName name, AdminRequest request) {
        Optional<HeldGate> held = subject.gates().find(name);
        Optional<String> key = request.parameter("key");
        if (held.isEmpty()) {
            return unknown(name.id());
        }
        if (key.isEmpty()) {
            return AdminAnswer.text(400, "no key (expected: ?key=KEY); say whose decision\n");
        }
        Optional<OperationClass> operationClass = operationClass(request);
        if (operationClass.isEmpty()) {
            return AdminAnswer.text(
                    400,
                    "class '%s' (expected one of %s)%n"
                            .formatted(
                                    request.parameter("class").orElse(""),
                                    List.of(OperationClass.values())));
        }
        GateDecision decision =
                new GateDecider(() -> 0)
                        .decideForKey(
                                held.get(),
                                new Operation("explain", operationClass.get()),
                                asked(request),
                                key.get().getBytes(StandardCharsets.UTF_8));
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("gate", decision.gate().name());
        shown.put("revision", decision.revision().map(GateRevision::toString));
        shown.put("arm", decision.arm());
        shown.put("mode", decision.mode());
        shown.put("reason", decision.reason());
        shown.put("rule", decision.rule());
        shown.put(
                "bucket",
                decision.bucket().isPresent()
                        ? Optional.of(decision.bucket().getAsInt())
                        : Optional.empty());
        shown.put("share_ppm", decision.share().value());
        shown.put("write_authority_ppm", decision.writesBelow().map(PartsPerMillion::value));
        shown.put("held", held.get().holding(decision).isPresent());
        shown.put("explanation", decision.explanation());
        return AdminAnswer.json(200, JsonTree.of(shown));
    }

    private AdminAnswer kill(GateName name, AdminRequest request) {
        Optional<String> reason = request.parameter("reason").filter(text -> !text.isBlank());
        if (reason.isEmpty()) {
            return AdminAnswer.text(
                    400, "no reason (expected: ?reason=TEXT); say why, for those who resume it\n");
        }
        return switch (subject.kill(name, reason.get())) {
            case GateTable.KillAnswer.Killed(HeldGate held) ->
                    AdminAnswer.text(
                            200,
                            "%s killed here as '%s'; a revision that acknowledges it resumes\n"
                                    .formatted(
                                            name,
                                            held.localKill()
                                                    .map(HeldGate.LocalKill::id)
                                                    .orElse("")));
            case GateTable.KillAnswer.Unknown() -> unknown(name.id());
            case GateTable.KillAnswer.Refused(Problem problem) ->
                    AdminAnswer.text(409, problem.message() + "\n");
        };
    }

    private AdminAnswer unknown(String id) {
        String known =
                subject.gates().all().stream()
                        .map(entry -> entry.held().gate().name().id())
                        .toList()
                        .toString();
        return AdminAnswer.text(
                404,
                ("no gate '%s' is in force here (expected: one of %s); create it or correct the"
                                + " name\n")
                        .formatted(id, known));
    }

    /** A request with the headers that the page was given, for rules that look at them. */
    private static ExchangeView asked(AdminRequest request) {
        HeaderBlock headers = new HeaderBlock();
        for (String header : request.all("header")) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.add(
                        header.substring(0, colon).toLowerCase(Locale.ROOT).trim(),
                        header.substring(colon + 1).trim());
            }
        }
        String path = request.parameter("path").orElse("/");
        String method = request.parameter("method").orElse("GET");
        return new ExchangeView(new RequestHead(method, "http", "", path, headers), path, NOBODY);
    }
}
