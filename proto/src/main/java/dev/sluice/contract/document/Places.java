package dev.sluice.contract.document;

import java.util.Map;

/**
 * Where each path of a read message stood in its document, so that problems found later, in the
 * message, still name a line. Immutable.
 */
public final class Places {
    private final Place root;
    private final Map<String, Place> byPath;

    Places(Place root, Map<String, Place> byPath) {
        this.root = root;
        this.byPath = Map.copyOf(byPath);
    }

    /** Places of a message that has no document. */
    public static Places none(String source) {
        return new Places(Place.whole(source), Map.of());
    }

    /**
     * The place of a path such as {@code static_resources.listeners[0].name}, or of the nearest
     * path around it that was written down.
     */
    public Place of(String path) {
        String at = path;
        while (!at.isEmpty()) {
            Place place = byPath.get(at);
            if (place != null) {
                return place;
            }
            at = parent(at);
        }
        return root;
    }

    private static String parent(String path) {
        if (path.endsWith("\"]")) {
            return path.substring(0, Math.max(0, path.lastIndexOf("[\"")));
        }
        int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        return cut < 0 ? "" : path.substring(0, cut);
    }
}
