package dev.sluice.proxy.admin;

import dev.sluice.chaos.v1.FaultState;
import dev.sluice.chaos.v1.ListProcessFaultsResponse;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.ProcessFaultName;
import dev.sluice.contract.document.Document;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.contract.document.DocumentTypes;
import dev.sluice.contract.fault.ProcessFault;
import dev.sluice.contract.fault.ProcessFaultParser;
import dev.sluice.contract.fault.ProcessFaultWriter;
import dev.sluice.proxy.process.ProcessFaultState;
import dev.sluice.proxy.process.ProcessFaults;
import dev.sluice.proxy.process.ProcessFaults.Taking;
import java.util.List;
import java.util.Optional;

/**
 * The admin pages about faults of this process, in the JSON form of {@code sluice.chaos.v1}. All
 * need the admin token, and the operator's leave. Thread-safe.
 */
final class ProcessFaultPages {
    private static final DocumentReader READER = new DocumentReader(DocumentTypes.of(List.of()));

    private final Optional<ProcessFaults> faults;
    private final Optional<AdminToken> token;

    /**
     * @param faults empty: the operator has not allowed them
     * @param token empty: nobody may
     */
    ProcessFaultPages(Optional<ProcessFaults> faults, Optional<AdminToken> token) {
        this.faults = faults;
        this.token = token;
    }

    AdminAnswer answer(AdminRequest request) {
        Optional<AdminAnswer> refusal = AdminToken.refusal(token, request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (faults.isEmpty()) {
            return AdminAnswer.text(
                    403,
                    "faults of this process are not allowed; start it with"
                            + " --allow-process-faults\n");
        }
        return switch (request.segments().size()) {
            case 1 -> collection(request, faults.get());
            case 2 -> one(request, "processFaults/" + request.segments().get(1), faults.get());
            default ->
                    AdminAnswer.text(
                            404, "pages are /processFaults and /processFaults/{process_fault}\n");
        };
    }

    private static AdminAnswer collection(AdminRequest request, ProcessFaults faults) {
        return switch (request.method()) {
            case "GET" -> list(faults);
            case "POST" -> take(request.body(), faults);
            default -> FaultAnswers.notAllowed(request, "GET or POST");
        };
    }

    private static AdminAnswer one(AdminRequest request, String name, ProcessFaults faults) {
        if (!(ProcessFaultName.parse(name)
                instanceof Parsed.Ok<ProcessFaultName>(ProcessFaultName fault))) {
            return unknown(name);
        }
        return switch (request.method()) {
            case "GET" -> shownOr(name, faults.find(fault));
            case "DELETE" -> shownOr(name, faults.end(fault));
            default -> FaultAnswers.notAllowed(request, "GET or DELETE");
        };
    }

    private static AdminAnswer shownOr(String name, Optional<ProcessFaultState> state) {
        return state.map(found -> FaultAnswers.json(shown(found))).orElseGet(() -> unknown(name));
    }

    private static AdminAnswer list(ProcessFaults faults) {
        return FaultAnswers.json(
                ListProcessFaultsResponse.newBuilder()
                        .addAllProcessFaults(
                                faults.all().stream().map(ProcessFaultPages::shown).toList())
                        .build());
    }

    private static AdminAnswer take(String body, ProcessFaults faults) {
        Parsed<Document<dev.sluice.chaos.v1.ProcessFault>> read =
                READER.read(body, "fault", dev.sluice.chaos.v1.ProcessFault.getDefaultInstance());
        if (!(read
                instanceof
                Parsed.Ok<Document<dev.sluice.chaos.v1.ProcessFault>>(
                        Document<dev.sluice.chaos.v1.ProcessFault> document))) {
            return FaultAnswers.refused(read.problems());
        }
        return switch (ProcessFaultParser.parse(document.message())) {
            case Parsed.Refused<ProcessFault>(List<Problem> problems) ->
                    FaultAnswers.refused(document.locate(problems));
            case Parsed.Ok<ProcessFault>(ProcessFault fault) ->
                    switch (faults.take(fault)) {
                        case Taking.Taken(ProcessFaultState state) ->
                                FaultAnswers.json(shown(state));
                        case Taking.InTheWay(ProcessFaultName other) ->
                                AdminAnswer.text(
                                        409,
                                        "%s is active (expected: a free name, and no other %s);"
                                                        .formatted(other, fault.kind().word())
                                                + " end it first\n");
                    };
        };
    }

    private static AdminAnswer unknown(String name) {
        return AdminAnswer.text(
                404, "no %s is known here; GET /processFaults says which are\n".formatted(name));
    }

    private static dev.sluice.chaos.v1.ProcessFault shown(ProcessFaultState state) {
        return ProcessFaultWriter.write(state.fault()).toBuilder()
                .setCreateTime(FaultAnswers.time(state.created()))
                .setExpireTime(FaultAnswers.time(state.expires()))
                .setState(FaultState.valueOf(state.phase().name()))
                .setInjected(state.injected())
                .build();
    }
}
