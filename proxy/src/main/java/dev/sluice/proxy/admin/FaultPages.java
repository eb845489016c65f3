package dev.sluice.proxy.admin;

import dev.sluice.chaos.v1.FaultState;
import dev.sluice.chaos.v1.ListFaultLeasesResponse;
import dev.sluice.chaos.v1.RenewFaultLeaseRequest;
import dev.sluice.contract.FaultName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.document.Document;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.contract.document.DocumentTypes;
import dev.sluice.contract.fault.FaultLease;
import dev.sluice.contract.fault.LeaseParser;
import dev.sluice.contract.fault.LeaseWriter;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.fault.FaultBook.Taking;
import dev.sluice.proxy.fault.LeaseState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The admin pages about fault leases, in the JSON form of {@code sluice.chaos.v1}. All need the
 * admin token. Thread-safe.
 */
final class FaultPages {
    private static final DocumentReader READER = new DocumentReader(DocumentTypes.of(List.of()));

    private static final String RENEW = ":renew";

    private final FaultBook faults;
    private final Optional<AdminToken> token;

    FaultPages(FaultBook faults, Optional<AdminToken> token) {
        this.faults = faults;
        this.token = token;
    }

    AdminAnswer answer(AdminRequest request) {
        Optional<AdminAnswer> refusal = AdminToken.refusal(token, request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return switch (request.segments().size()) {
            case 1 -> collection(request);
            case 2 -> one(request, "faults/" + request.segments().get(1));
            default -> AdminAnswer.text(404, "pages are /faults and /faults/{fault}\n");
        };
    }

    private AdminAnswer collection(AdminRequest request) {
        return switch (request.method()) {
            case "GET" -> list();
            case "POST" -> take(request.body());
            default -> FaultAnswers.notAllowed(request, "GET or POST");
        };
    }

    private AdminAnswer one(AdminRequest request, String name) {
        if (name.endsWith(RENEW)) {
            String fault = name.substring(0, name.length() - RENEW.length());
            return request.method().equals("POST")
                    ? renew(fault, request.body())
                    : FaultAnswers.notAllowed(request, "POST");
        }
        if (!(FaultName.parse(name) instanceof Parsed.Ok<FaultName>(FaultName fault))) {
            return unknown(name);
        }
        Optional<LeaseState> lease =
                switch (request.method()) {
                    case "GET" -> faults.find(fault);
                    case "DELETE" -> faults.end(fault);
                    default -> Optional.empty();
                };
        return switch (request.method()) {
            case "GET", "DELETE" ->
                    lease.map(state -> FaultAnswers.json(shown(state)))
                            .orElseGet(() -> unknown(name));
            default -> FaultAnswers.notAllowed(request, "GET or DELETE");
        };
    }

    private AdminAnswer renew(String name, String body) {
        Parsed<Document<RenewFaultLeaseRequest>> read =
                READER.read(body, "renewal", RenewFaultLeaseRequest.getDefaultInstance());
        if (!(read
                instanceof
                Parsed.Ok<Document<RenewFaultLeaseRequest>>(
                        Document<RenewFaultLeaseRequest> document))) {
            return FaultAnswers.refused(read.problems());
        }
        Parsed<Duration> ttl = LeaseParser.renewal(document.message());
        if (!(ttl instanceof Parsed.Ok<Duration>(Duration longer))) {
            return FaultAnswers.refused(document.locate(ttl.problems()));
        }
        Optional<LeaseState> lease =
                FaultName.parse(name) instanceof Parsed.Ok<FaultName>(FaultName fault)
                        ? faults.renew(fault, longer)
                        : Optional.empty();
        return lease.map(FaultPages::renewed).orElseGet(() -> unknown(name));
    }

    private static AdminAnswer renewed(LeaseState state) {
        return state.phase() == LeaseState.Phase.ACTIVE
                ? FaultAnswers.json(shown(state))
                : AdminAnswer.text(
                        409,
                        "%s is %s (expected: an active lease); take it again\n"
                                .formatted(state.name(), state.phase()));
    }

    private AdminAnswer list() {
        return FaultAnswers.json(
                ListFaultLeasesResponse.newBuilder()
                        .addAllFaultLeases(faults.all().stream().map(FaultPages::shown).toList())
                        .build());
    }

    private AdminAnswer take(String body) {
        Parsed<Document<dev.sluice.chaos.v1.FaultLease>> read =
                READER.read(body, "lease", dev.sluice.chaos.v1.FaultLease.getDefaultInstance());
        if (!(read
                instanceof
                Parsed.Ok<Document<dev.sluice.chaos.v1.FaultLease>>(
                        Document<dev.sluice.chaos.v1.FaultLease> document))) {
            return FaultAnswers.refused(read.problems());
        }
        return switch (LeaseParser.parse(document.message())) {
            case Parsed.Refused<FaultLease>(List<Problem> problems) ->
                    FaultAnswers.refused(document.locate(problems));
            case Parsed.Ok<FaultLease>(FaultLease lease) ->
                    switch (faults.take(lease)) {
                        case Taking.Taken(LeaseState state) -> FaultAnswers.json(shown(state));
                        case Taking.NameTaken(FaultName name) ->
                                AdminAnswer.text(
                                        409,
                                        "%s is active (expected: a free name); end it or take"
                                                        .formatted(name)
                                                + " another name\n");
                        case Taking.Full() ->
                                AdminAnswer.text(
                                        429,
                                        "%d leases are active (expected: fewer); end one\n"
                                                .formatted(FaultBook.MOST_ACTIVE));
                    };
        };
    }

    private static AdminAnswer unknown(String name) {
        return AdminAnswer.text(
                404, "no %s is known here; GET /faults says which are\n".formatted(name));
    }

    private static dev.sluice.chaos.v1.FaultLease shown(LeaseState state) {
        return LeaseWriter.write(state.lease()).toBuilder()
                .setCreateTime(FaultAnswers.time(state.created()))
                .setExpireTime(FaultAnswers.time(state.expires()))
                .setState(FaultState.valueOf(state.phase().name()))
                .setMatched(state.matched())
                .setInjected(state.injected())
                .build();
    }
}
