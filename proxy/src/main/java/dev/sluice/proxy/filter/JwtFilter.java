package dev.sluice.proxy.filter;

import dev.sluice.proxy.filter.jwt.RequestKeys;
import dev.sluice.proxy.filter.jwt.TokenForwarder;
import dev.sluice.proxy.filter.jwt.TokenRequirement;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.jwt.Keys;
import dev.sluice.proxy.jwt.TokenFault;
import dev.sluice.proxy.keys.RemoteKeys;
import dev.sluice.proxy.match.RouteMatcher;
import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.snapshot.filter.JwtSpec;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Preflight;
import dev.sluice.proxy.snapshot.filter.JwtSpec.Requirement;
import dev.sluice.proxy.snapshot.filter.KeySource;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Addition;
import dev.sluice.proxy.snapshot.header.HeaderMutations.AppendAction;
import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/**
 * Lets requests pass by their JSON Web Tokens. A header that only a valid token may set is taken
 * out of every request, whatever its rule. Thread-safe.
 */
final class JwtFilter implements HttpFilter {
    private final String name;
    private final JwtSpec spec;
    private final List<Rule> rules;
    private final List<String> reserved;
    private final TokenRequirement requirement;

    private record Rule(RouteMatcher match, Requirement requirement) {}

    JwtFilter(
            String name,
            JwtSpec spec,
            InstantSource clock,
            Function<KeySource.Remote, RemoteKeys> remote) {
        this.name = name;
        this.spec = spec;
        rules =
                spec.rules().stream()
                        .map(rule ->
                                new Rule(RouteMatcher.compile(rule.match()), rule.requirement()))
                        .toList();
        reserved = TokenForwarder.reserved(spec.providers());
        requirement = TokenRequirement.of(spec.providers(), remote, clock);
    }

    @Override
    public FilterAnswer onRequest(FilterRequest request) {
        ExchangeView clean = TokenForwarder.cleaned(reserved, request.view());
        return judge(needed(clean), clean, new RequestKeys());
    }

    /** Judged anew from the start when keys that were wanted are there: the order counts. */
    private FilterAnswer judge(Requirement needed, ExchangeView clean, RequestKeys keys) {
        return switch (requirement.check(needed, clean, keys)) {
            case TokenRequirement.Verdict.Met(ExchangeView view, boolean failures) ->
                    new FilterAnswer.Continue(view, Changes.NONE, events(failures));
            case TokenRequirement.Verdict.Unmet(TokenFault fault) -> refuse(fault, clean);
            case TokenRequirement.Verdict.Wants(RemoteKeys remote, Keys known) ->
                    new FilterAnswer.Wait(
                            new KeyWait(remote, known, keys, () -> judge(needed, clean, keys)),
                            List.of(),
                            Injection.NONE);
        };
    }

    private List<FilterEvent> events(boolean failures) {
        return failures
                ? List.of(new FilterEvent(name, FilterEvent.Kind.TOKEN_FAILURE_ALLOWED))
                : List.of();
    }

    private Requirement needed(ExchangeView request) {
        if (spec.preflight() == Preflight.PASSED && isPreflight(request)) {
            return new Requirement.None();
        }
        CharSequence path = request.path();
        for (Rule rule : rules) {
            if (rule.match().matches(request, path)) {
                return rule.requirement();
            }
        }
        return new Requirement.None();
    }

    private static boolean isPreflight(ExchangeView request) {
        return request.method().toString().equals("OPTIONS")
                && request.header("origin").isPresent()
                && request.header("access-control-request-method").isPresent();
    }

    private static FilterAnswer refuse(TokenFault fault, ExchangeView request) {
        String detail = "jwt_authn_access_denied{" + fault.words() + "}";
        String realm =
                "Bearer realm=\"%s://%s%s\""
                        .formatted(
                                request.head().scheme(), request.head().authority(), request.path())
                        .replaceAll("[^\\x20-\\x7e]", "?");
        String challenge =
                fault == TokenFault.MISSING ? realm : realm + ", error=\"invalid_token\"";
        Addition header =
                new Addition(
                        "www-authenticate",
                        challenge,
                        AppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
                        /* keepEmpty= */ false);
        Refusal refusal = fault.isForbidden() ? Refusal.ACCESS_DENIED : Refusal.UNAUTHENTICATED;
        Changes response = new Changes(List.of(), List.of(header));
        return new FilterAnswer.Refuse(refusal, refusal.status(), detail, response, List.of());
    }
}
