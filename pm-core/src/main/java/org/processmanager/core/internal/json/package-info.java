/** A small JSON writer and reader, so that the published libraries need no other for their logs and reports. */
@NullMarked
package org.processmanager.core.internal.json;

import org.jspecify.annotations.NullMarked;
