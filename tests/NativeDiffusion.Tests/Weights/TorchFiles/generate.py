"""Makes the files beside it with PyTorch (1.13 was used): python3 generate.py FOLDER"""
import collections, json, os, sys
import numpy as np, torch

folder = sys.argv[1]
torch.manual_seed(0)
base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
state = collections.OrderedDict()
for dtype in [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8]:
    state[str(dtype)] = (torch.arange(6) - (0 if dtype == torch.uint8 else 2)).to(dtype).reshape(2, 3)
state['bool'] = torch.tensor([True, False, True])
state['transposed'] = base.t()
state['slice'] = base[1:3, 2:5]
state['step'] = base[::2, ::3]
state['expanded'] = torch.tensor([7.]).expand(3, 2)
state['scalar'] = torch.tensor(3.5)
state['empty'] = torch.zeros(0, 3)
state['parameter'] = torch.nn.Parameter(torch.ones(2, 2) * 5)
state['permuted'] = torch.arange(24.).reshape(2, 3, 4).permute(2, 0, 1)
expected = {name: {'shape': list(t.shape), 'values': t.detach().double().reshape(-1).tolist()} for name, t in state.items()}
json.dump(expected, open(f'{folder}/expected.json', 'w'), indent=1)


class Evil:
    def __reduce__(self):
        return os.system, ('echo executed > executed.txt',)


old = {'_use_new_zipfile_serialization': False}
torch.save(state, f'{folder}/zip.pt')
torch.save(state, f'{folder}/protocol4.pt', pickle_protocol=4)
torch.save(state, f'{folder}/legacy.pt', **old)
torch.save({'state_dict': state, 'epoch': 3, 'global_step': np.int64(7), 'lr': 1e-4, 'callbacks': {}, 'tags': {1, 2}}, f'{folder}/nested.ckpt')
torch.save({'state_dict': state, 'global_step': 7}, f'{folder}/nested-legacy.ckpt', **old)
torch.save({'state_dict': {'a': torch.ones(1), 'b': Evil()}}, f'{folder}/evil.ckpt')
torch.save({'a': Evil()}, f'{folder}/evil-legacy.ckpt', **old)
vectors = torch.arange(2 * 768, dtype=torch.float32).reshape(2, 768)
parameters = torch.nn.ParameterDict({'*': torch.nn.Parameter(vectors)})
torch.save({'string_to_token': {'*': torch.tensor(265)}, 'string_to_param': parameters, 'name': 'fog', 'step': 99, 'sd_checkpoint': None, 'sd_checkpoint_name': None}, f'{folder}/embedding-parameters.pt')
torch.save({'string_to_token': {'*': 265}, 'string_to_param': {'*': vectors.half()}, 'name': 'fog', 'step': 99, 'sd_checkpoint': 'abc', 'sd_checkpoint_name': 'x'}, f'{folder}/embedding.pt')
torch.save({'<fog>': vectors[1]}, f'{folder}/learned_embeds.bin')
torch.save([{'<fog>': vectors}], f'{folder}/embedding-list.pt')
