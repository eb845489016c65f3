package dev.sluice.proxy.filter;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.snapshot.filter.RbacSpec.AddressRange;
import dev.sluice.proxy.snapshot.filter.RbacSpec.Policy;
import dev.sluice.proxy.snapshot.filter.RbacSpec.Rule;
import java.util.List;
import java.util.Optional;

/**
 * Says whether a request is as a policy describes it. Immutable.
 *
 * @param clientAddress what is believed to be the client's address
 */
record RbacMatcher(ClientAddress clientAddress) {
    boolean matches(Policy policy, ExchangeView request) {
        return any(policy.permissions(), request) && any(policy.principals(), request);
    }

    private boolean any(List<Rule> rules, ExchangeView request) {
        for (Rule rule : rules) {
            if (matches(rule, request)) {
                return true;
            }
        }
        return false;
    }

    private boolean all(List<Rule> rules, ExchangeView request) {
        for (Rule rule : rules) {
            if (!matches(rule, request)) {
                return false;
            }
        }
        return true;
    }

    private boolean matches(Rule rule, ExchangeView request) {
        return switch (rule) {
            case Rule.Any() -> true;
            case Rule.All(List<Rule> rules) -> all(rules, request);
            case Rule.OneOf(List<Rule> rules) -> any(rules, request);
            case Rule.Not(Rule inner) -> !matches(inner, request);
            case Rule.Header(HeaderMatcher matcher) -> matcher.matches(request);
            case Rule.UrlPath(StringMatcher matcher) -> matcher.matches(request.path());
            case Rule.DestinationIp(AddressRange range) ->
                    Optional.ofNullable(request.peer().local().getAddress())
                            .filter(range::contains)
                            .isPresent();
            case Rule.DestinationPort(int first, int last) -> {
                int port = request.peer().local().getPort();
                yield port >= first && port <= last;
            }
            case Rule.ServerName(StringMatcher matcher) ->
                    matcher.matches(request.peer().serverName().orElse(""));
            case Rule.Authenticated(Optional<StringMatcher> name) ->
                    request.peer()
                            .identity()
                            .filter(id -> name.isEmpty() || name.get().matches(id))
                            .isPresent();
            case Rule.PeerIp(AddressRange range) ->
                    Optional.ofNullable(request.peer().direct().remote().getAddress())
                            .filter(range::contains)
                            .isPresent();
            case Rule.ConnectionIp(AddressRange range) ->
                    Optional.ofNullable(request.peer().remote().getAddress())
                            .filter(range::contains)
                            .isPresent();
            case Rule.ClientIp(AddressRange range) ->
                    clientAddress.of(request).filter(range::contains).isPresent();
        };
    }
}
