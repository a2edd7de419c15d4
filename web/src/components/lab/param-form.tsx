import { Checkbox, Field, Input } from '@/components/ui/field';
import type { ParamProperty, Params, ParamsSchema } from '@/lib/api/schema';
import { formatNumber } from '@/lib/format';
import { satisfies } from '@/lib/rule';
import { t } from '@/lib/strings';

/** Parameters as they are typed: text until they are sent. */
export type ParamTexts = Record<string, string | boolean>;

interface Props {
  schema: ParamsSchema;
  values: ParamTexts;
  onChange: (values: ParamTexts) => void;
  errors: Record<string, string>;
}

/** One control for each property of a strategy's schema. */
export function ParamForm({ schema, values, onChange, errors }: Props) {
  const properties = Object.entries(schema.properties);
  if (properties.length === 0) {
    return <p className="text-13 text-ink-3">{t('form.noParams')}</p>;
  }
  return (
    <div className="grid grid-cols-1 gap-x-4 gap-y-3 sm:grid-cols-2">
      {properties.map(([name, property]) => {
        const value = values[name] ?? property.default;
        const set = (next: string | boolean) => onChange({ ...values, [name]: next });
        if (property.type === 'boolean') {
          return (
            <Checkbox
              key={name}
              label={paramLabel(name)}
              hint={property.description}
              checked={value === true}
              onValue={set}
            />
          );
        }
        return (
          <Field
            key={name}
            label={paramLabel(name)}
            hint={property.description}
            error={errors[name]}
          >
            {(ids) => (
              <Input
                {...ids}
                inputMode="decimal"
                autoComplete="off"
                className="num"
                value={String(value)}
                onChange={(event) => set(event.target.value)}
              />
            )}
          </Field>
        );
      })}
      {errors[RULE] && (
        <p role="alert" className="text-12 text-danger sm:col-span-2">
          {errors[RULE]}
        </p>
      )}
    </div>
  );
}

/** The key under which a broken rule between parameters is reported. */
export const RULE = '*';

export function paramLabel(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function defaultsOf(schema: ParamsSchema): Params {
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, property.default]),
  );
}

/** Reads what was typed; what is wrong comes back by parameter, in words. */
export function readParams(
  schema: ParamsSchema,
  values: ParamTexts,
): { params: Params; errors: Record<string, string> } {
  const params: Params = {};
  const errors: Record<string, string> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const value = values[name] ?? property.default;
    if (typeof value === 'boolean') {
      params[name] = value;
      continue;
    }
    const number = Number(value === '' ? Number.NaN : value);
    const fault = faultOf(number, property);
    if (fault) errors[name] = fault;
    params[name] = number;
  }
  if (Object.keys(errors).length === 0 && !satisfies(schema.rule, params)) {
    errors[RULE] = t('form.rule', { rule: (schema.rule ?? '').replace(/([<>=!]+)/, ' $1 ') });
  }
  return { params, errors };
}

function faultOf(value: number, property: ParamProperty): string | null {
  if (!Number.isFinite(value)) return t('form.notNumber');
  if (property.type === 'integer' && !Number.isInteger(value)) return t('form.notInteger');
  if (property.minimum !== undefined && value < property.minimum) {
    return t('form.atLeast', { value: formatNumber(property.minimum) });
  }
  if (property.maximum !== undefined && value > property.maximum) {
    return t('form.atMost', { value: formatNumber(property.maximum) });
  }
  return null;
}
