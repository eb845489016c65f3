package dev.sluice.proxy.gate;

import dev.sluice.contract.decide.DecisionHeader;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.plan.AnsweredBy;

/** What a decision leaves on the answer: the explanation and the cookie of an issued key. Pure. */
public final class GateResponse {
    private GateResponse() {}

    /**
     * Marks an answer.
     *
     * @param headers changed in place
     */
    public static void mark(GateAnswer.Decided decided, AnsweredBy by, HeaderBlock headers) {
        if (decided.explain()) {
            headers.set(DecisionHeader.NAME, DecisionHeader.write(inTheEnd(decided, by)));
        }
        if (decided.decision().key() instanceof GateDecision.Key.Issued issued) {
            headers.add("set-cookie", issued.setCookie());
            keepPrivate(headers);
        }
    }

    /** The decision as it turned out. */
    public static GateDecision inTheEnd(GateAnswer.Decided decided, AnsweredBy by) {
        return switch (by) {
            case TARGET, PROXY -> decided.decision();
            case FALLBACK -> decided.fellBack();
        };
    }

    /** A shared cache must not give one client's key to others (RFC 9111 section 5.2.2.7). */
    private static void keepPrivate(HeaderBlock headers) {
        CharSequence control = headers.first("cache-control");
        String text = control == null ? "" : control.toString();
        if (!text.contains("private") && !text.contains("no-store")) {
            headers.set("cache-control", "private");
        }
    }
}
