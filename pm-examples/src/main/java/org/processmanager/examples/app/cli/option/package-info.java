/** Options that several commands share, and conversion of what they take. */
@NullMarked
package org.processmanager.examples.app.cli.option;

import org.jspecify.annotations.NullMarked;
