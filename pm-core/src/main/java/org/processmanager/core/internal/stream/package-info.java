/**
 * What becomes of the bytes of a process's streams, whoever reads them:
 * {@link org.processmanager.core.internal.stream.Sink} and its forms.
 */
@NullMarked
package org.processmanager.core.internal.stream;

import org.jspecify.annotations.NullMarked;
