/** {@code pm up}: its two file formats, the supervised run of what a file lists, and the merged log. */
@NullMarked
package org.processmanager.examples.app.cli.up;

import org.jspecify.annotations.NullMarked;
