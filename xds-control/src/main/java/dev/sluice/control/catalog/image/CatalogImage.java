package dev.sluice.control.catalog.image;

import com.google.protobuf.ByteString;
import dev.sluice.control.catalog.Catalog;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The state at one place of the log as bytes. It is a copy to save time and never the truth: what
 * it says can be made again from the log, and is thrown away whenever that is in doubt.
 *
 * <h2>Form</h2>
 *
 * An image has no names, only values in the order in which the records have them, and holds what
 * the fold of one program made. So only that program may read it: whoever keeps images keeps them
 * apart by the code that took them.
 *
 * <h2>Size</h2>
 *
 * Equal values and the shared parts of maps are written once; so an image is about as large as what
 * the state itself holds in memory, before it is deflated. Stateless.
 */
public final class CatalogImage {
    private static final int BUFFER = 1 << 16;
    private static final Shape CATALOG = new Shapes().of(Catalog.class);

    private CatalogImage() {}

    /** Takes an image. Takes about a microsecond for each thing that the state remembers. */
    public static ByteString write(Catalog catalog) {
        ByteString.Output bytes = ByteString.newOutput();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (OutputStream deflating =
                new BufferedOutputStream(
                        new DeflaterOutputStream(bytes, deflater, BUFFER), BUFFER)) {
            CATALOG.write(catalog, new ImageOutput(deflating));
        } catch (IOException e) {
            throw new IllegalStateException(e); // nothing is written but memory
        } finally {
            deflater.end();
        }
        return bytes.toByteString();
    }

    /**
     * The state that an image is of.
     *
     * @throws IllegalArgumentException when it is no image of this form; the message says why
     */
    public static Catalog read(ByteString image) {
        Inflater inflater = new Inflater();
        try (InputStream inflating =
                new BufferedInputStream(
                        new InflaterInputStream(image.newInput(), inflater, BUFFER), BUFFER)) {
            var in = new ImageInput(inflating);
            Catalog catalog = (Catalog) CATALOG.read(in);
            if (!in.isAtEnd()) {
                throw new IllegalArgumentException("more bytes than an image has");
            }
            return catalog;
        } catch (IOException e) {
            throw new IllegalArgumentException("no image: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("no image: " + e, e);
        } finally {
            inflater.end();
        }
    }
}
