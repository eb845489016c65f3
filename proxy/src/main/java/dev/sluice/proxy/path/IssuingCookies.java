package dev.sluice.proxy.path;

import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.observe.Progress;
import dev.sluice.proxy.plan.AnsweredBy;
import dev.sluice.proxy.plan.ResponseEdit;
import java.util.List;

/**
 * Gives the client the cookies that keep it with an endpoint, with answers of upstreams only.
 * Loop-owned.
 *
 * @param setCookies values of {@code set-cookie}
 * @param then what else is done with the head
 */
record IssuingCookies(List<String> setCookies, ResponseEdit then) implements ResponseEdit {
    static ResponseEdit before(ResponseEdit then, List<String> setCookies) {
        return setCookies.isEmpty() ? then : new IssuingCookies(setCookies, then);
    }

    @Override
    public ResponseHead apply(ResponseHead head, AnsweredBy by, Progress progress) {
        if (by != AnsweredBy.PROXY) {
            setCookies.forEach(cookie -> head.headers().add(HeaderNames.SET_COOKIE, cookie));
        }
        return then.apply(head, by, progress);
    }
}
