package dev.sluice.proxy.codec.http1;

/** Says whether a client's connection goes on after an exchange. Loop-owned. */
final class KeepAlive {
    /** What is decided about a connection. */
    enum Decision {
        GOES_ON,
        ENDS,
        /** It would go on, but has carried as many requests as it may. */
        WORN
    }

    private final int mostRequests;
    private int requests;
    private boolean draining;
    private boolean on = true;

    /**
     * @param mostRequests of one connection; zero: no limit
     */
    KeepAlive(int mostRequests) {
        this.mostRequests = mostRequests;
    }

    /** One more request has come. */
    void requested() {
        requests++;
    }

    /** Ends the connection with the next answer; says whether that is news. */
    boolean drain() {
        boolean news = !draining;
        draining = true;
        return news;
    }

    /**
     * Decides before the head of an answer is written.
     *
     * @param lasts whether both sides want the connection to go on
     */
    Decision decide(boolean lasts) {
        boolean wanted = lasts && !draining;
        boolean worn = mostRequests > 0 && requests >= mostRequests;
        on = wanted && !worn;
        if (on) {
            return Decision.GOES_ON;
        }
        return wanted ? Decision.WORN : Decision.ENDS;
    }

    /** As decided last; before that it goes on. */
    boolean isOn() {
        return on;
    }
}
