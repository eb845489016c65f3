package dev.sluice.chaos.toxiproxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One named proxy. Owned by the API thread; only its toxics are read by others. */
final class Proxy {
    private final String name;
    private final Shared shared;
    private final AtomicLong connections = new AtomicLong();
    private volatile ProxyToxics toxics = ProxyToxics.NONE;
    private String listen;
    private String upstream;
    private @Nullable Listening listening; // while enabled

    Proxy(String name, String listen, String upstream, Shared shared) {
        this.name = name;
        this.listen = listen;
        this.upstream = upstream;
        this.shared = shared;
    }

    String name() {
        return name;
    }

    /** As given while the proxy was never enabled, then as bound. */
    String listen() {
        return listen;
    }

    String upstream() {
        return upstream;
    }

    boolean enabled() {
        return listening != null;
    }

    ProxyToxics toxics() {
        return toxics;
    }

    /** Listens and forwards; nothing when it does already. */
    void enable() throws Refused {
        if (listening != null) {
            return;
        }
        Listening.Plan plan = new Listening.Plan(name, upstream, connections, () -> toxics.all());
        try {
            InetSocketAddress address = HostPort.parse(listen).resolve();
            Listening opened = Listening.open(plan, shared, address);
            listening = opened;
            listen = HostPort.text(opened.address());
        } catch (HostPort.Malformed malformed) {
            throw new Refused("listen tcp: " + malformed.getMessage());
        } catch (UnknownHostException unknown) {
            throw new Refused("listen tcp: lookup " + unknown.getMessage() + ": no such host");
        } catch (IOException refused) {
            throw new Refused("listen tcp " + listen + ": bind: " + words(refused));
        }
    }

    private static String words(IOException refused) {
        return String.valueOf(refused.getMessage()).toLowerCase(Locale.ROOT);
    }

    /** Stops to listen and closes every connection; nothing when it is disabled. */
    void disable() {
        if (listening != null) {
            listening.close();
            listening = null;
        }
    }

    /**
     * Takes other addresses, which closes every connection; then enables or disables. Another
     * upstream alone keeps the listening socket, so that nobody else can take its port meanwhile.
     */
    void update(String newListen, String newUpstream, boolean wanted) throws Refused {
        if (differs(newListen, upstream)) {
            disable();
            listen = newListen;
            upstream = newUpstream;
        } else if (!upstream.equals(newUpstream)) {
            upstream = newUpstream;
            if (listening != null) {
                listening.forward(newUpstream);
            }
        }
        if (wanted) {
            enable();
        } else {
            disable();
        }
    }

    /** Whether the address, once looked up, or the upstream is another than now. */
    boolean differs(String otherListen, String otherUpstream) throws Refused {
        try {
            HostPort parsed = HostPort.parse(otherListen);
            String resolved =
                    parsed.host().isEmpty() ? otherListen : HostPort.text(parsed.resolve());
            return !listen.equals(resolved) || !upstream.equals(otherUpstream);
        } catch (HostPort.Malformed malformed) {
            throw new Refused(String.valueOf(malformed.getMessage()));
        } catch (UnknownHostException unknown) {
            throw new Refused("lookup " + unknown.getMessage() + ": no such host");
        }
    }

    /** Gives the proxy and each of its connections these toxics; waits until all have them. */
    void change(ProxyToxics next) {
        toxics = next;
        if (listening != null) {
            listening.apply();
        }
    }
}
